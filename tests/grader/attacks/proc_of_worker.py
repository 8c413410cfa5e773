# expect: correct
# why: the worker's pipes, memory and environment through /proc
import os, glob
for p in ('/proc/1/mem', '/proc/1/environ', '/proc/1/maps', '/proc/1/auxv', '/proc/1/stack'):
    try: open(p, 'rb').read(10); print('PWNED', p)
    except OSError: pass
for p in ('/proc/1/fd', '/proc/1/root', '/proc/1/cwd', '/proc/1/task/1/fd'):
    try: os.listdir(p); print('PWNED', p)
    except OSError: pass
for fd in range(64):
    try: os.open(f'/proc/1/fd/{fd}', os.O_RDWR); print('PWNED fd', fd)
    except OSError: pass

def solve(x):
    return (x - x.mean()) / x.std()
