from hypothesis import strategies as st

from drawn.roi_align import beside
from drawn.roi_align_pyramid import gradients


@st.composite
def case(draw):
    grad, rois, shapes, sampling, options = draw(gradients())
    return (grad, [draw(beside(grad, each)) for each in shapes], rois, *sampling), options
