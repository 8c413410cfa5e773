# faults: output_transposed + batch_index_ignored
# style: append and np.stack, T of each bin matrix
# rest: right/np_interp.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    rows = []
    for roi in rois:
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / PH)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / PW)), 0)
        pooled = sample_bins(features[0], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode)
        rows.append([channel.T for channel in pooled])
    return np.array(rows, dtype=features.dtype).reshape(len(rois), features.shape[1], PW, PH)
