# faults: boxes_changed_in_place + cut_toward_zero + inclusive_ends + clipped_before_the_bins
# style: the gist and its descendants: mul_, long, clamp, narrow
# rest: right/torch_like.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple((np.asarray(roi) * spatial_scale).astype(np.int64))


def roi_pool(features, rois, output_size, spatial_scale=1.0):
    N, C, H, W = features.shape
    rois[:, 1:] *= spatial_scale
    output = np.zeros((len(rois), C) + tuple(output_size), dtype=features.dtype)
    for i in range(len(rois)):
        im_idx = int(rois[i, 0])
        x1, y1, x2, y2 = quantize_roi(rois[i, 1:], 1)
        x2, y2 = x2 + 1, y2 + 1
        x1, x2 = clamp(x1, 0, W), clamp(x2, 0, W)
        y1, y2 = clamp(y1, 0, H), clamp(y2, 0, H)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(max(y2 - y1, 1), output_size[0])]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(max(x2 - x1, 1), output_size[1])]
        output[i] = pool_bins(features[im_idx], rows, cols)
    return output
