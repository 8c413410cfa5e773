# expect: crashed|error|wrong
# why: truth values of 2
import numpy as np
def solve(x):
    return np.full(len(x), 2, 'u1').view(bool)
