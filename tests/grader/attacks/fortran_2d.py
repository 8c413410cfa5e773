# expect: wrong
import numpy as np
def solve(x):
    return np.asfortranarray(np.outer(x, x))
