from hypothesis import strategies as st

from drawn import gradients_of_roi_align
from drawn.deform_roi_pool import gammas, shifts


@st.composite
def gradients(draw):
    """The bins' gradient, boxes and offsets; how they are sampled; and the shape of the map."""
    (grad, rois, *sampling, _), shape = draw(gradients_of_roi_align())
    return (grad, rois, draw(shifts(len(rois), grad.shape[2:]))), (*sampling, draw(gammas)), shape


@st.composite
def case(draw):
    arrays, sampling, shape = draw(gradients())
    return (*arrays, shape, *sampling), {}
