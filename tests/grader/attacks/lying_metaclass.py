# expect: error|crashed
import numpy as np
class Meta(type):
    def __eq__(self, other): return True
    def __hash__(self): return hash(np.ndarray)
    def __instancecheck__(self, other): return True
    def mro(self): return [self, object]
class E(metaclass=Meta): pass
def solve(x):
    return E()
