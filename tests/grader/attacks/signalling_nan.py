# expect: wrong
import numpy as np
def solve(x):
    return np.full(len(x), 0x7ff0000000000001, 'u8').view('f8')
