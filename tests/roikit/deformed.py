"""What the tests of deformable pooling's gradients by boxes and by offsets share."""

import numpy as np
from gradients import boxes_anywhere
from hypothesis import assume
from hypothesis import strategies as st

from roikit import examples
from roikit.reference.deform_roi_pool import shifted_points, sides

#: y * 10 + x
RAMP = examples.ramp(6, 6, a=10.0, b=1.0)[None, None]


def far_from_kinks(rois, offset, parameters, least=1e-3):
    """Whether no sample is near a cell's border, and no box near another number of samples."""
    scale, ratio, gamma = parameters
    for roi, shifts in zip(rois, offset, strict=True):
        both = sides(roi, offset.shape[2:], scale, (ratio, ratio))
        for along, by_bin in zip(both, (shifts[1], shifts[0].T), strict=True):
            part = along.size / along.bins
            if ratio <= 0 and abs(part - round(part)) < least:
                return False
            for p in range(along.bins):
                points = np.concatenate([shifted_points(p, along, gamma, shift) for shift in by_bin[p]])
                if np.any(np.abs(points - np.round(points)) < least):
                    return False
    return True


@st.composite
def problems(draw):
    """The bins' gradient, features, boxes, offsets and the other arguments, at a point without a kink."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    features, size, K = rng.normal(size=(2, 3, 6, 5)), (2, 3), 2
    rois = np.column_stack([rng.integers(0, 2, K), rng.uniform(-2, 9, (K, 4))])
    offset = rng.normal(size=(K, 2, *size))
    scale, ratio = draw(st.sampled_from([1.0, 0.5, 1.25])), draw(st.sampled_from([-1, 1, 2]))
    parameters = scale, ratio, draw(st.sampled_from([0.1, -0.4]))
    assume(far_from_kinks(rois, offset, parameters))
    return rng.normal(size=(K, 3, *size)), features, rois, offset, parameters


def case(dtype=np.float64):
    rng = np.random.default_rng(1)
    grad, features = rng.normal(size=(4, 3, 2, 3)).astype(dtype), rng.normal(size=(2, 3, 5, 6)).astype(dtype)
    return grad, features, boxes_anywhere(rng, 4, 2, 6), rng.normal(size=(4, 2, 2, 3))
