# expect: error
import numpy as np
def solve(x):
    return np.array([object()] * len(x))
