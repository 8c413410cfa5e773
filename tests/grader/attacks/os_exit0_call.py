# expect: crashed
import os
def solve(x):
    os._exit(0)
