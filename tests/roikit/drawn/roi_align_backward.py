from hypothesis import strategies as st

from drawn import gradients_of_roi_align


@st.composite
def case(draw):
    (grad, rois, *sampling), shape = draw(gradients_of_roi_align())
    return (grad, rois, shape, *sampling), {}
