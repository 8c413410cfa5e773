# expect: error|crashed|correct
import sys
def solve(x):
    y = (x - x.mean()) / x.std()
    try: sys.setrecursionlimit(8)
    except RecursionError: pass
    return y
