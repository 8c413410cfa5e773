# faults: roi_number_as_image + inclusive_ends
# style: zip of features and rois in mind
# rest: right/two_passes.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    for k in range(len(rois)):
        left, top, right, bottom = quantize_roi(rois[k, 1:], spatial_scale)
        rows = region(top, bottom + 1, PH, bin_edges)
        columns = region(left, right + 1, PW, bin_edges)
        result[k] = pool_bins(features[k], rows, columns)
    return result
