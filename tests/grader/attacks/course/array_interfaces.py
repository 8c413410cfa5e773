# expect: error
# why: objects that make an array of themselves only when they are compared
import numpy as np

class Later:
    __array_interface__ = {"shape": (1 << 40,), "typestr": "<f8", "data": (0xDEAD0000, True), "version": 3}
    def __array__(self, *args, **kwargs):
        return np.full((1, 1, 2, 2), np.nan)
    def __float__(self):
        raise SystemExit(0)

def answer(*args):
    return [[Later()]]
