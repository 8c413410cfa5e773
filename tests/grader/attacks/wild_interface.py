# expect: crashed|error
# why: an array over memory that is not there
import numpy as np
class Wild:
    __array_interface__ = {'shape': (50,), 'typestr': '<f8', 'data': (0xdead0000, False), 'version': 3}
def solve(x):
    return np.asarray(Wild()) + 0
