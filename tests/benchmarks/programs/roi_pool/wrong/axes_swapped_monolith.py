# faults: x_and_y_swapped
# style: axis 1 of the map taken for x, all in one function
# rest: right/monolith.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    _, C, width, height = features.shape
    out = np.zeros((len(rois), C, output_size[0], output_size[1]), dtype=features.dtype)
    for k, (b, *box) in enumerate(rois):
        x1, y1, x2, y2 = [int(np.floor(v * spatial_scale)) for v in box]
        w, h = max(x2 - x1, 1), max(y2 - y1, 1)
        for i in range(output_size[0]):
            left = x1 + i * w // output_size[0]
            right = x1 + (i + 1) * w // output_size[0]
            left, right = max(left, 0), min(right, width)
            for j in range(output_size[1]):
                top = y1 + j * h // output_size[1]
                bottom = y1 + (j + 1) * h // output_size[1]
                top, bottom = max(top, 0), min(bottom, height)
                if left < right and top < bottom:
                    out[k, :, i, j] = features[int(b), :, left:right, top:bottom].max(axis=(1, 2))
    return out
