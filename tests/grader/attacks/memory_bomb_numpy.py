# expect: memory
import numpy as np
def solve(x):
    return np.zeros((10**6, 10**6)) + 1
