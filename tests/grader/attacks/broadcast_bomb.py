# expect: memory|output_limit|error
import numpy as np
def solve(x):
    return np.broadcast_to(x, (10**7, len(x)))
