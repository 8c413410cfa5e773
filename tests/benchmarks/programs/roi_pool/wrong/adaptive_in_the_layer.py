# faults: overlapping_bins
# style: bin_edges right, the layer pools the crop adaptively
# rest: right/gather.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    h_idx, w_idx = np.arange(PH), np.arange(PW)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        h, w = max(y2 - y1, 1), max(x2 - x1, 1)
        rows = np.stack([y1 + h_idx * h // PH, y1 + ((h_idx + 1) * h + PH - 1) // PH], axis=1)
        cols = np.stack([x1 + w_idx * w // PW, x1 + ((w_idx + 1) * w + PW - 1) // PW], axis=1)
        out[k] = pool_bins(features[int(roi[0])], rows, cols)
    return out
