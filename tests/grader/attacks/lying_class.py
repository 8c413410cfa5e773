# expect: error
import numpy as np
class E:
    __class__ = np.ndarray
    dtype, shape, ndim = np.dtype('f8'), (50,), 1
    def tobytes(self, *a): return bytes(400)
def solve(x):
    return E()
