# expect: error
import numpy as np
class E(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __sub__(self, other): return np.zeros(self.shape)
    __rsub__ = __array_ufunc__ = __sub__
def solve(x):
    return x.view(E)
