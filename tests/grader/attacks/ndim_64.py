# expect: error
# why: more dimensions than an older NumPy in the grader could hold
import numpy as np
def solve(x):
    return np.zeros((1,) * 64)
