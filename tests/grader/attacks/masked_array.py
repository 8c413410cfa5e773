# expect: error
import numpy as np
def solve(x):
    return np.ma.masked_array((x - x.mean()) / x.std())
