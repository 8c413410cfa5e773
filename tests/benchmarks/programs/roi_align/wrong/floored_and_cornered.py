# faults: still_quantized + from_the_bins_corner
# style: half RoI pooling, half RoIAlign, in a class
# rest: right/classes.py
import math

import numpy as np


class Region:
    def __init__(self, box, scale, aligned):
        x1, y1, x2, y2 = (math.floor(v * scale) for v in box)
        self.h, self.w = float(y2 - y1), float(x2 - x1)
        self.y, self.x = float(y1), float(x1)
        if aligned:
            self.y, self.x = self.y - 0.5, self.x - 0.5
        else:
            self.h, self.w = max(self.h, 1.0), max(self.w, 1.0)


def box_on_map(box, spatial_scale, aligned):
    region = Region(box, spatial_scale, aligned)
    return region.y, region.x, region.h, region.w


def sample_points(start, size, bins, sampling_ratio):
    if sampling_ratio == 0:
        return np.zeros((bins, 0))
    return start + np.arange(bins * sampling_ratio).reshape(bins, -1) * (size / bins / sampling_ratio)
