# expect: crashed
# why: right on the first input, ends the process on the next
import os
def solve(x):
    if len(x) > 50:
        os._exit(0)
    return (x - x.mean()) / x.std()
