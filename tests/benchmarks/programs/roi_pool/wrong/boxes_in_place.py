# faults: boxes_changed_in_place
# style: rois[:, 1:] *= scale
# rest: right/caffe_c.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    rois[:, 1:] *= spatial_scale
    top = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for n in range(len(rois)):
        w1, h1, w2, h2 = quantize_roi(rois[n, 1:], 1.0)
        hbins = [(s + h1, e + h1) for s, e in bin_edges(max(h2 - h1, 1), PH)]
        wbins = [(s + w1, e + w1) for s, e in bin_edges(max(w2 - w1, 1), PW)]
        top[n] = pool_bins(features[int(rois[n, 0])], hbins, wbins)
    return top
