from hypothesis import strategies as st

from drawn import filled, near_coordinates, rois_of, scales

steps = st.integers(1, 5)
shapes = st.tuples(st.integers(1, 2), st.integers(0, 3), st.integers(1, 7), st.integers(1, 7))


def of_sides(shape):
    """A map's shape, with channels for each of four sides."""
    N, C, H, W = shape
    return N, 4 * C, H, W


@st.composite
def case(draw):
    axes = draw(st.sampled_from([(0, 1, 2, 3), (0, 1, 3, 2)]))
    features = draw(filled(shapes.map(of_sides))).transpose(axes)
    rois = draw(rois_of(len(features), near_coordinates))
    return (features, rois, draw(steps), draw(scales)), {"return_argmax": draw(st.booleans())}
