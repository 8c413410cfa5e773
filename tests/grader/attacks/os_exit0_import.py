# expect: crashed
import os
os._exit(0)

def solve(x):
    return (x - x.mean()) / x.std()
