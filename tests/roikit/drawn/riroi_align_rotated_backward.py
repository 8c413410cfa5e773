from hypothesis import strategies as st

from drawn import filled, ratios, scales
from drawn.riroi_align_rotated import map_shapes, options, orientations
from drawn.roi_align_rotated import rotated


@st.composite
def gradients(draw):
    """The bins' gradient, boxes and how they are sampled; the shape of the map; and how they are mixed."""
    count = draw(orientations)
    shape = N, C, _, _ = draw(map_shapes(count))
    rois = draw(rotated(N))
    grad = draw(filled(st.tuples(st.just(len(rois)), st.just(C), st.integers(1, 5), st.integers(1, 5))))
    return (grad, rois, draw(scales), draw(ratios)), shape, draw(options(count))


@st.composite
def case(draw):
    (grad, rois, *sampling), shape, options = draw(gradients())
    return (grad, rois, shape, *sampling), options
