# expect: error
class E(str):
    def encode(self, *a): return b'{}'
    def __eq__(self, other): return True
    __hash__ = str.__hash__
def solve(x):
    return E('right')
