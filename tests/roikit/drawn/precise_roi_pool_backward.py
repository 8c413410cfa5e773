from hypothesis import strategies as st

from drawn import gradients_of_roi_align


@st.composite
def case(draw):
    (grad, rois, scale, *_), shape = draw(gradients_of_roi_align())
    return (grad, rois, shape, scale), {}
