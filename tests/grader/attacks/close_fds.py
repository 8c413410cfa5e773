# expect: crashed|error
import os
def solve(x):
    os.closerange(0, 4096)
    return x
