from hypothesis import strategies as st

from drawn.crop_and_resize import gradients, methods


@st.composite
def case(draw):
    grad, rois, units, shape = draw(gradients())
    return (grad, rois, shape), {"method": draw(methods), "coordinates": units}
