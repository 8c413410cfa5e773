import numpy as np
from hypothesis import strategies as st

from drawn import filled, near_coordinates, rois_of, scales
from drawn.border_align import of_sides, shapes, steps


@st.composite
def gradients(draw):
    """grad, rois, argmax; the shape of the map; pool_size and spatial_scale."""
    N, C, H, W = draw(shapes)
    rois = np.array(draw(rois_of(N, near_coordinates)), np.float64).reshape(-1, 5)
    grad, pool_size = draw(filled(st.just((len(rois), C, 4)))), draw(steps)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    argmax = rng.integers(0, pool_size + 1, grad.shape, draw(st.sampled_from([np.int32, np.int64])))
    return (grad, rois, argmax), of_sides((N, C, H, W)), (pool_size, draw(scales))


@st.composite
def case(draw):
    given, shape, how = draw(gradients())
    return (*given, shape, *how), {}
