# expect: correct
import os
for pid in (1, os.getppid()):
    for name in ('mem', 'environ', 'maps', 'smaps', 'pagemap', 'syscall', 'auxv', 'io'):
        try: open(f'/proc/{pid}/{name}', 'rb').read(1); print('PWNED', pid, name)
        except OSError: pass
    try: open(f'/proc/{pid}/mem', 'r+b'); print('PWNED write', pid)
    except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
