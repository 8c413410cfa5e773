from hypothesis import strategies as st

from drawn import filled
from drawn.select_class_masks import labels_of, shapes


@st.composite
def case(draw):
    K, classes, *size = draw(shapes)
    return (draw(filled(st.just((K, *size)))), draw(labels_of(K, classes)), classes), {}
