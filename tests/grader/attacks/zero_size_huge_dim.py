# expect: wrong|error
import numpy as np
def solve(x):
    return np.zeros((0, 1 << 39))
