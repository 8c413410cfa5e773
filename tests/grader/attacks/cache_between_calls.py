# expect: correct
import os, glob
memo = {}
if glob.glob('memo*') + glob.glob('/tmp/memo*') + glob.glob('.memo'): print('PWNED state found')
def solve(x):
    if memo: print('PWNED module state found')
    memo['r'] = 1
    for p in ('memo', '.memo', '/tmp/memo2'):
        try: open(p, 'w').write('x')
        except OSError: pass
    return (x - x.mean()) / x.std()
