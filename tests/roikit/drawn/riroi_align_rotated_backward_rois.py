import numpy as np
from hypothesis import strategies as st

from drawn import filled
from drawn.riroi_align_rotated_backward import gradients


@st.composite
def case(draw):
    (grad, rois, *sampling), shape, options = draw(gradients())
    with np.errstate(over="ignore"):
        features = draw(filled(st.just(shape))).astype(grad.dtype)
    return (grad, features, rois, *sampling), options
