# expect: error|wrong
# why: inducer/relate issue 295
import numpy as np
class E(np.float64):
    def __abs__(self): return self
    def __rsub__(self, o): return self
    def __lt__(self, o): return True
def solve(x):
    return E(0)
