# expect: error|wrong
import numpy as np
def solve(x):
    return np.asarray((x - x.mean()) / x.std()).reshape(1, -1).view(np.matrix)
