# expect: error
import os
class E:
    def __reduce__(self): return (os.system, ('echo PWNED',))
def solve(x):
    return E()
