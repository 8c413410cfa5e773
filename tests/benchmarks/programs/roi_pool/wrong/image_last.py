# faults: batch_index_in_last_column
# style: x1, y1, x2, y2, image
# rest: right/lists.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    ph, pw = output_size
    out = np.zeros((len(rois), features.shape[1], ph, pw), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[:4], spatial_scale)
        image = features[int(roi[4])]
        out[k] = pool_bins(
            image, shifted(bin_edges(max(y2 - y1, 1), ph), y1), shifted(bin_edges(max(x2 - x1, 1), pw), x1)
        )
    return out
