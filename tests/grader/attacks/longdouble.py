# expect: error|wrong|correct
import numpy as np
def solve(x):
    return ((x - x.mean()) / x.std()).astype(np.longdouble)
