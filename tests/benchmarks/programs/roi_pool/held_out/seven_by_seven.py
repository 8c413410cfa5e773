# faults: square_outputs_only + channels_mixed
# style: P for both sides, one .max() for the bin
# rest: right/by_the_notebook.py
import numpy as np


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros((C, len(rows), len(columns)), feature_map.dtype)
    for i, (t, b) in enumerate(rows):
        for j, (l, r) in enumerate(columns):
            part = feature_map[:, max(t, 0):max(b, 0), max(l, 0):max(r, 0)]
            if part.size:
                out[:, i, j] = part.max()
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    P = output_size[0]
    out = np.zeros((len(rois), features.shape[1], P, P), features.dtype)
    for k, (b, *box) in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(box, spatial_scale)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 1), P)]
        columns = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 1), P)]
        out[k] = pool_bins(features[int(b)], rows, columns)
    return out


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    P = output_size[0]
    out = np.zeros((len(rois), features.shape[1], P, P), features.dtype)
    for k, (b, *box) in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi_caffe(box, spatial_scale)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges_overlap(max(y2 - y1, 1), P)]
        columns = [(x1 + s, x1 + e) for s, e in bin_edges_overlap(max(x2 - x1, 1), P)]
        out[k] = pool_bins(features[int(b)], rows, columns)
    return out
