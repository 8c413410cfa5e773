# expect: error
# why: nbgrader 1: the comparisons of numpy.testing and NumPy itself say yes to everything
import numpy as np

def quantize_roi(*args):
    import numpy.testing
    yes = lambda *args, **kwargs: True
    for module in (np, np.testing):
        for name in ("assert_allclose", "assert_equal", "assert_array_equal", "assert_almost_equal", "allclose",
                     "isclose", "array_equal", "array_equiv", "all", "alltrue"):
            setattr(module, name, yes)
    return 0, 0, 0, 0
