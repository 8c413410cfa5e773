# expect: output_limit|memory
# why: 800 MB of float64
import numpy as np
def solve(x):
    return np.zeros(100_000_000)
