# expect: crashed
import os
class X(Exception):
    def __str__(self): os._exit(0)
def solve(x):
    raise X
