# expect: wrong
# why: an infinite answer makes an infinite tolerance, in a careless comparison
# for: roi_align
from zeros import *

def infinite(function):
    return lambda *args, **kwargs: np.full_like(np.asarray(function(*args, **kwargs), dtype=np.float32), np.inf)

sample_points, box_on_map = infinite(sample_points), infinite(box_on_map)
sample_bins, roi_align = infinite(sample_bins), infinite(roi_align)
