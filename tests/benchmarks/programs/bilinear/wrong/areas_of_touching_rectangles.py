# faults: opposite_corners
# style: the four areas, vectorized
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    # the rectangle between the point and each neighbour
    dy, dx = y - np.floor(y), x - np.floor(x)
    area_top_left = dy * dx
    area_top_right = dy * (1 - dx)
    area_bottom_left = (1 - dy) * dx
    area_bottom_right = (1 - dy) * (1 - dx)
    return np.array([area_top_left, area_top_right, area_bottom_left, area_bottom_right])
