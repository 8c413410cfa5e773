"""How the tests of `roikit.simt` run a kernel."""

import numpy as np

from roikit import simt


def run(code, grid, block, args, name="k", shared_mem=0):
    """Run the kernel in every mode and order: all runs agree, and the arrays end as they left them."""
    before = [np.copy(arg) if isinstance(arg, np.ndarray) else arg for arg in args]
    for mode, order in [("fast", "forward"), ("fast", "reverse"), ("fast", "random:7"), ("check", "forward")]:
        fresh = [np.copy(arg) if isinstance(arg, np.ndarray) else arg for arg in before]
        simt.RawKernel(code, name, mode=mode, order=order)(grid, block, fresh, shared_mem=shared_mem)
        for arg, result in zip(args, fresh, strict=True):
            if isinstance(arg, np.ndarray):
                if (mode, order) == ("fast", "forward"):
                    arg[...] = result
                np.testing.assert_array_equal(result, arg, err_msg=f"{mode}, {order}")


def floats(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
