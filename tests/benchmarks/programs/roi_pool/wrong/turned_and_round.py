# faults: output_transposed + halves_to_even
# style: x outside, y inside
# rest: right/padded.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(np.around(np.asarray(roi, dtype=np.float64) * spatial_scale).astype(int).tolist())


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], output_size[1], output_size[0]), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        columns = bin_edges(max(x2 - x1, 1), output_size[1])
        rows = bin_edges(max(y2 - y1, 1), output_size[0])
        for px, (xa, xb) in enumerate(columns):
            for py, (ya, yb) in enumerate(rows):
                cell = pool_bins(features[int(roi[0])], [(y1 + ya, y1 + yb)], [(x1 + xa, x1 + xb)])
                out[k, :, px, py] = cell.reshape(-1)
    return out
