# faults: larger_bins_first + nearest_ends
# style: index arrays from np.array_split
# rest: right/gather.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    scaled = np.asarray(roi, dtype=np.float64) * spatial_scale
    return tuple((np.sign(scaled) * np.floor(np.abs(scaled) + 0.5)).astype(int).tolist())


def bin_edges(length, bins):
    sizes = [len(part) for part in np.array_split(range(length), bins)]
    ends = np.cumsum(sizes).tolist()
    return list(zip([0, *ends], ends))
