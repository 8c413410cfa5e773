# expect: correct
# why: what one call does to NumPy must not reach the next, nor the grader
import numpy as np
if getattr(np, 'poisoned', False) or np.array([1.0]).sum() != 1: print('PWNED numpy')
def solve(x):
    result = (x - x.mean()) / x.std()
    np.poisoned = True
    np.testing.assert_allclose = np.allclose = np.array_equal = lambda *a, **k: True
    return result
