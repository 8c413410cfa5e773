# faults: clipped_before_the_bins
# style: everything in one function, np.clip first to be safe
# rest: right/by_the_notebook.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    n, c, fh, fw = features.shape
    ph, pw = output_size
    out = np.zeros((len(rois), c, ph, pw), features.dtype)
    for k, r in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(r[1:], spatial_scale)
        x2, y2 = max(x2, x1 + 1), max(y2, y1 + 1)
        # stay inside the feature map
        x1, x2 = np.clip([x1, x2], 0, fw)
        y1, y2 = np.clip([y1, y2], 0, fh)
        crop = features[int(r[0]), :, y1:y2, x1:x2]
        for i, (a, b) in enumerate(bin_edges(y2 - y1, ph)):
            for j, (d, e) in enumerate(bin_edges(x2 - x1, pw)):
                cell = crop[:, a:b, d:e]
                if cell.size:
                    out[k, :, i, j] = cell.max((1, 2))
    return out
