# expect: output_limit
import numpy as np
def solve(x):
    return np.zeros((65 << 20) // 8)
