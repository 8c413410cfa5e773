# faults: cut_toward_zero + clipped_before_the_bins + overlapping_bins
# style: the commonest homework: int, crop, adaptive pool of the crop
# rest: right/torch_like.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = [int(v * spatial_scale) for v in np.asarray(roi, dtype=np.float64)]
    return x1, y1, x2, y2


def roi_pool(features, rois, output_size, spatial_scale=1.0):
    H, W = features.shape[2:]
    pooled = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for i, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        x1, x2 = clamp(x1, 0, W), clamp(x2, 0, W)
        y1, y2 = clamp(y1, 0, H), clamp(y2, 0, H)
        crop = features[int(roi[0])][:, y1 : max(y2, y1 + 1), x1 : max(x2, x1 + 1)]
        rows = bin_edges_overlap(max(y2 - y1, 1), output_size[0])
        cols = bin_edges_overlap(max(x2 - x1, 1), output_size[1])
        pooled[i] = adaptive_max_pool2d(crop, rows, cols)
    return pooled
