# expect: crashed|memory|error|output_limit
import numpy as np
def solve(x):
    return np.lib.stride_tricks.as_strided(x, (1 << 20, 1 << 10), (1 << 12, 8))
