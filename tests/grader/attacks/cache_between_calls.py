# expect: correct
import os, glob
memo = {}
if glob.glob('/tmp/memo*'): print('PWNED state found')
def solve(x):
    if memo: print('PWNED module state found')
    memo['r'] = 1
    for p in ('/tmp/memo', '/tmp/.memo'):
        open(p, 'w').write('x')
    return (x - x.mean()) / x.std()
