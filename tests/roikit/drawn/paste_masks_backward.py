from hypothesis import strategies as st

from drawn import filled
from drawn.paste_masks import boxes_of, conventions, image_sizes, mask_sizes


@st.composite
def case(draw):
    K, size = draw(st.integers(0, 3)), draw(image_sizes)
    return (draw(filled(st.just((K, *size)))), draw(boxes_of(K)), draw(mask_sizes)), draw(conventions())
