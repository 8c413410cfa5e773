import numpy as np
from hypothesis import strategies as st

from drawn import coordinates, filled, near_coordinates

mask_sizes = st.tuples(st.integers(1, 4), st.integers(1, 4))
image_sizes = st.tuples(st.integers(1, 12), st.integers(1, 12))


@st.composite
def boxes_of(draw, K):
    """Inside, over every border, off the image, empty, reversed, huge."""
    ends = st.one_of(near_coordinates, coordinates)
    return np.array(draw(st.lists(st.tuples(*[ends] * 4), min_size=K, max_size=K)), np.float64).reshape(K, 4)


@st.composite
def conventions(draw):
    convention = draw(st.sampled_from(["torchvision", "detectron2"]))
    padding = draw(st.integers(0, 3)) if convention == "torchvision" else 1
    return {"convention": convention, "padding": padding}


@st.composite
def case(draw):
    K, size = draw(st.integers(0, 3)), draw(mask_sizes)
    return (draw(filled(st.just((K, *size)))), draw(boxes_of(K)), draw(image_sizes)), draw(conventions())
