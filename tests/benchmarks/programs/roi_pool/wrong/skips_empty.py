# faults: empty_rois_left_out
# style: continue where there is nothing to pool
# rest: right/generators.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    out = []
    for image, *box in rois:
        x1, y1, x2, y2 = quantize_roi(box, spatial_scale)
        if x2 <= x1 or y2 <= y1:
            continue
        rows = absolute(y1, bin_edges(y2 - y1, output_size[0]))
        columns = absolute(x1, bin_edges(x2 - x1, output_size[1]))
        out.append(pool_bins(features[int(image)], rows, columns))
    return np.array(out, dtype=features.dtype).reshape(len(out), features.shape[1], *output_size)
