import numpy as np
from hypothesis import strategies as st

from drawn import filled
from drawn.ps_crop_and_resize import gradients


@st.composite
def case(draw):
    grad, rois, shape, options = draw(gradients())
    with np.errstate(over="ignore"):
        features = draw(filled(st.just(shape))).astype(grad.dtype)
    return (grad, features, rois), options
