# faults: last_row_lost
# style: min(x2, W - 1)
# rest: right/caffe_c.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    height, width = features.shape[2], features.shape[3]
    pooled_height, pooled_width = output_size
    top = np.zeros((len(rois), features.shape[1], pooled_height, pooled_width), dtype=features.dtype)
    for n in range(len(rois)):
        w1, h1, w2, h2 = quantize_roi(rois[n][1:], spatial_scale)
        w2 = min(w2, width - 1)
        h2 = min(h2, height - 1)
        hbins = [(s + h1, e + h1) for s, e in bin_edges(max(h2 - h1, 1), pooled_height)]
        wbins = [(s + w1, e + w1) for s, e in bin_edges(max(w2 - w1, 1), pooled_width)]
        top[n] = pool_bins(features[int(rois[n][0])], hbins, wbins)
    return top
