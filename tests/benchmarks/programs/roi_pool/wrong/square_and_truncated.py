# faults: square_outputs_only + truncated_bins
# style: one bin count, step in whole cells
# rest: right/fractions_exact.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    P, _ = output_size
    result = np.zeros((len(rois), features.shape[1], P, P), dtype=features.dtype)
    for k, (image, *corners) in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(corners, spatial_scale)
        n_y, n_x = max(y2 - y1, 1), max(x2 - x1, 1)
        step_y, step_x = max(n_y // P, 1), max(n_x // P, 1)
        rows = [(y1 + min(p * step_y, n_y), y1 + min((p + 1) * step_y, n_y)) for p in range(P)]
        columns = [(x1 + min(p * step_x, n_x), x1 + min((p + 1) * step_x, n_x)) for p in range(P)]
        result[k] = pool_bins(features[int(image)], rows, columns)
    return result
