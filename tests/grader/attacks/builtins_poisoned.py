# expect: wrong|error|crashed|correct
import builtins
import numpy as np
def solve(x):
    builtins.type = lambda v: np.ndarray
    builtins.isinstance = builtins.issubclass = lambda *a: True
    builtins.len = builtins.sorted = builtins.abs = lambda *a: 0
    return x
