from hypothesis import strategies as st

from drawn import filled, map_shapes, ratios, scales
from drawn.roi_align_rotated import rotated, units


@st.composite
def gradients(draw):
    """The bins' gradient, boxes and how they are sampled; the shape of the map; and the angle's unit."""
    shape = N, C, _, _ = draw(map_shapes)
    rois = draw(rotated(N))
    grad = draw(filled(st.tuples(st.just(len(rois)), st.just(C), st.integers(1, 5), st.integers(1, 5))))
    return (grad, rois, draw(scales), draw(ratios), draw(st.booleans())), shape, draw(units)


@st.composite
def case(draw):
    (grad, rois, *sampling), shape, options = draw(gradients())
    return (grad, rois, shape, *sampling), options
