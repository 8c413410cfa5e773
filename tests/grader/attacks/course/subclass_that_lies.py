# expect: error
# why: an array class whose comparisons, shape and conversion to an array say what is wanted
import numpy as np

class Lying(np.ndarray):
    __eq__ = __le__ = lambda self, other: np.ones(np.shape(other), bool)
    __array__ = __array_wrap__ = __array_finalize__ = lambda self, *args: None
    __array_ufunc__ = __array_function__ = lambda self, *args, **kwargs: True
    shape = property(lambda self: Wanted())

class Wanted(tuple):
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False

def answer(*args):
    return np.zeros((1, 1, 2, 2)).view(Lying)
