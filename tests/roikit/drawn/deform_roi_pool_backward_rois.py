import numpy as np
from hypothesis import strategies as st

from drawn import filled
from drawn.deform_roi_pool_backward import gradients


@st.composite
def case(draw):
    (grad, *boxes), sampling, shape = draw(gradients())
    with np.errstate(over="ignore"):
        features = draw(filled(st.just(shape))).astype(grad.dtype)
    return (grad, features, *boxes, *sampling), {}
