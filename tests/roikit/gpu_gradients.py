"""What the tests of both gradients' kernels share."""

import numpy as np

from roikit.gpu import _simt

#: The teaching kernel, the fast one, and the one whose sums change from run to run.
KINDS = {
    "plain": {"plain": True},
    "tiles": {},
    "atomic": {"deterministic": False},
}
#: float32: of the largest magnitude; halves: that, rounded once.
TOLERANCE = {"float32": 1e-6, "float64": 1e-13, "float16": 2**-10, "bfloat16": 2**-7}


def device(kind="tiles", **how):
    return _simt.SimtDevice(**KINDS[kind], **how)


def channels_last(array):
    """The same array (N, C, H, W), in memory as (N, H, W, C)."""
    return np.ascontiguousarray(array.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)


def assert_close(got, expected):
    """Equal to a float64 gradient as nearly as the dtype allows, with NaN and inf at the same cells."""
    tolerance = TOLERANCE[got.dtype.name]
    got = got.astype(np.float64)
    finite = np.isfinite(expected)
    assert np.array_equal(got[~finite], expected[~finite], equal_nan=True)
    largest = np.max(np.abs(expected[finite]), initial=0)
    np.testing.assert_allclose(got[finite], expected[finite], rtol=0, atol=tolerance * largest)
