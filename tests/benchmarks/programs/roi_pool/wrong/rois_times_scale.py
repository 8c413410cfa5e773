# faults: image_number_scaled + boxes_changed_in_place
# style: rois *= spatial_scale, the famous line
# rest: right/by_the_notebook.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    rois *= spatial_scale
    out = np.zeros((len(rois), features.shape[1], *output_size), dtype=features.dtype)
    for k, (image, *box) in enumerate(rois):
        x1, y1, x2, y2 = [int(v) for v in np.floor(box)]
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 1), output_size[0])]
        columns = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 1), output_size[1])]
        out[k] = pool_bins(features[int(image)], rows, columns)
    return out
