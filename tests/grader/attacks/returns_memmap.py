# expect: error
import numpy as np
def solve(x):
    m = np.memmap('m', 'f8', 'w+', shape=x.shape)
    m[:] = (x - x.mean()) / x.std()
    return m
