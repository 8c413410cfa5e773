import numpy as np
from hypothesis import strategies as st

from drawn import filled
from drawn.roi_align_pyramid import gradients


@st.composite
def case(draw):
    grad, rois, shapes, sampling, options = draw(gradients())
    with np.errstate(over="ignore"):
        maps = [draw(filled(st.just(each))).astype(grad.dtype) for each in shapes]
    return (grad, maps, rois, *sampling), options
