import numpy as np
from hypothesis import strategies as st

from drawn import filled

shapes = st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))


@st.composite
def labels_of(draw, K, classes):
    dtype = draw(st.sampled_from([np.int64, np.int32, np.uint8, np.float64]))
    return np.array(draw(st.lists(st.integers(0, classes - 1), min_size=K, max_size=K)), dtype)


@st.composite
def case(draw):
    masks = draw(filled(shapes))
    return (masks, draw(labels_of(*masks.shape[:2]))), {}
