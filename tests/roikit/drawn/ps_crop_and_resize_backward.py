from hypothesis import strategies as st

from drawn.crop_and_resize import methods
from drawn.ps_crop_and_resize import gradients


@st.composite
def case(draw):
    grad, rois, shape, options = draw(gradients())
    return (grad, rois, shape), {**options, "method": draw(methods)}
