import numpy as np
from hypothesis import strategies as st

from drawn import filled, near_coordinates, ratios, rois_of, sizes

modes = st.sampled_from(["avg", "max", "max_corners"])


@st.composite
def shapes_and_scales(draw):
    """Shapes of one to three maps, and their scales; one level may be left out."""
    N, C = draw(st.integers(1, 2)), draw(st.integers(0, 3))
    sides = draw(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=3))
    factors = draw(st.permutations([2.0, 1.0, 0.5, 0.25]))[: len(sides)]
    return [(N, C, *each) for each in sides], sorted(factors, reverse=True)


@st.composite
def gradients(draw):
    """The bins' gradient, boxes, the maps' shapes, how they are sampled; and how boxes find their level."""
    shapes, factors = draw(shapes_and_scales())
    rois = np.array(draw(rois_of(shapes[0][0], near_coordinates)), np.float64).reshape(-1, 5)
    grad = draw(filled(st.just((len(rois), shapes[0][1], *draw(sizes)))))
    options = {"canonical_size": 40, "mode": draw(modes)}
    return grad, rois, shapes, (factors, draw(ratios), draw(st.booleans())), options


@st.composite
def case(draw):
    shapes, factors = draw(shapes_and_scales())
    with np.errstate(over="ignore"):
        maps = [draw(filled(st.just(each))).astype(np.float32) for each in shapes]
    rois = draw(rois_of(shapes[0][0], near_coordinates))
    options = {"mode": draw(modes), "canonical_size": 40}
    return (maps, rois, draw(sizes), factors, draw(ratios), draw(st.booleans())), options
