# expect: correct|crashed
# why: waits for the folder to be emptied, to write into it for the next call
import os, sys, time
if os.path.exists('outlived'): print('PWNED a process outlived its answer')
def solve(x):
    if os.fork() == 0:
        os.setsid()
        while True:
            try: open('outlived', 'w').close()
            except OSError: pass
    return (x - x.mean()) / x.std()
