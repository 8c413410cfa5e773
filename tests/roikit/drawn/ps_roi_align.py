from hypothesis import strategies as st

from drawn import filled, near_coordinates, ratios, rois_of, scales
from drawn.ps_roi_pool import grouped
from drawn.roi_align import ways


@st.composite
def case(draw):
    bins, groups, _, shape = draw(grouped())
    features = draw(filled(st.just(shape))).transpose(draw(st.sampled_from([(0, 1, 2, 3), (0, 1, 3, 2)])))
    arguments = (features, draw(rois_of(len(features), near_coordinates)), bins, draw(scales), draw(ratios))
    aligned, options = draw(ways(("avg", "max")))
    return arguments, {"group_size": groups, "aligned": aligned, **options}
