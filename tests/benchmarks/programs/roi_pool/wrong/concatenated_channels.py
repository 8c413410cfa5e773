# faults: rois_on_channel_axis
# style: torch.cat along 1
# rest: right/torch_like.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale=1.0):
    ph, pw = output_size
    output = [np.zeros((1, 0, ph, pw), dtype=features.dtype)]
    for roi in rois:
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(y2 - y1, 1), ph)]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(max(x2 - x1, 1), pw)]
        output.append(pool_bins(features[int(roi[0])], rows, cols)[None])
    if len(output) == 1:
        return np.zeros((0, features.shape[1], ph, pw), dtype=features.dtype)
    return np.concatenate(output, axis=1)
