# expect: wrong
# why: looks for anything like an expected value among all objects and frames
import gc, sys
import numpy as np
def solve(x):
    f = sys._getframe()
    while f:
        if 'expected' in f.f_locals: print('PWNED frame')
        f = f.f_back
    for o in gc.get_objects():
        if isinstance(o, dict) and any(k in o for k in ('expected', 'tolerance', 'reference')):
            print('PWNED', list(o)[:10])
        if isinstance(o, np.ndarray) and o.shape == x.shape and o is not x:
            return o
    return x * 0
