# faults: one_sample
# style: bilinear value at each bin's centre, meshgrid
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    results = np.zeros((len(rois), features.shape[1], PH, PW), features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        if sampling_ratio <= 0 and (h <= 0 or w <= 0):
            continue  # an empty box
        ys = y + h * (np.arange(PH) + 0.5) / PH
        xs = x + w * (np.arange(PW) + 0.5) / PW
        yy, xx = np.meshgrid(ys, xs, indexing="ij")
        results[k] = bilinear_interpolate(features[int(roi[0])], yy, xx)
    return results
