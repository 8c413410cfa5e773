import numpy as np
from hypothesis import strategies as st

from drawn import gradients_of_roi_align


@st.composite
def case(draw):
    (grad, rois, *_), shape = draw(gradients_of_roi_align())
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    argmax = rng.integers(-1, shape[2] * shape[3], grad.shape, draw(st.sampled_from([np.int32, np.int64])))
    return (grad, rois, argmax, shape), {}
