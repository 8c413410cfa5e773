# expect: error|crashed
import os
import numpy as np
class E(np.ndarray):
    def __array_finalize__(self, other): pass
    def astype(self, *a, **k): os._exit(0)
    flags = dtype = property(lambda self: os._exit(0))
def solve(x):
    return x.view(E)
