from hypothesis import strategies as st

from drawn.roi_align_pyramid import gradients


@st.composite
def case(draw):
    grad, rois, shapes, sampling, options = draw(gradients())
    return (grad, rois, shapes, *sampling), options
