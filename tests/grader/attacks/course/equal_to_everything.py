# expect: error
# why: nbgrader 2: an object that equals everything, and is as near as one likes
class Equal:
    shape, dtype, ndim, size = (1, 1, 2, 2), "float64", 4, 4
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
    __sub__ = __rsub__ = __abs__ = __getitem__ = __iter__ = __call__ = lambda self, *other: self
    __len__ = __int__ = __index__ = lambda self: 1
    __float__ = lambda self: 0.0
    __bool__ = lambda self: True

def answer(*args):
    return Equal()
