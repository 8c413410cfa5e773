# expect: correct|crashed|timeout
# why: a pipe can be opened again from its other side
import os
for fd in range(1, 64):
    try:
        again = os.open(f'/proc/self/fd/{fd}', os.O_RDONLY | os.O_NONBLOCK)
        got = os.read(again, 1 << 16)
        if b'ROI1' in got: print('PWNED', fd)
    except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
