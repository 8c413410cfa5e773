from hypothesis import strategies as st

from drawn.ps_roi_align_backward import gradients
from drawn.roi_align import beside


@st.composite
def case(draw):
    grad, rois, sampling, shape, options = draw(gradients())
    return (grad, draw(beside(grad, shape)), rois, *sampling), options
