# faults: half_pixel_always + minimum_size_never
# style: only the modern layer
# rest: right/matrices.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    scaled = np.asarray(box, dtype=float) * spatial_scale - 0.5
    return scaled[1], scaled[0], scaled[3] - scaled[1], scaled[2] - scaled[0]
