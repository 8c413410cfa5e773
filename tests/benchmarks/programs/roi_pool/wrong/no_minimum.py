# faults: no_minimum_size
# style: short, straight from the formula
# rest: right/by_the_notebook.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, (image, *box) in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(box, spatial_scale)
        rows = [(y1 + start, y1 + end) for start, end in bin_edges(y2 - y1, PH)]
        columns = [(x1 + start, x1 + end) for start, end in bin_edges(x2 - x1, PW)]
        result[k] = pool_bins(features[int(image)], rows, columns)
    return result
