# expect: error
class E:
    shape = (50,); dtype = 'f8'
    __array_interface__ = {'shape': (50,), 'typestr': '<f8', 'data': (0xdead0000, True), 'version': 3}
    def __array__(self, *a, **k): raise SystemExit(0)
def solve(x):
    return E()
