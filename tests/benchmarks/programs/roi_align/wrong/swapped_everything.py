# faults: x_and_y_swapped + output_size_swapped + always_average
# style: x before y throughout
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    r1, c1, r2, c2 = np.asarray(box, float) * spatial_scale
    h, w = r2 - r1, c2 - c1
    return (r1 - 0.5, c1 - 0.5, h, w) if aligned else (r1, c1, max(h, 1.0), max(w, 1.0))


def sample_bins(feature_map, y, x, mode):
    values = bilinear_interpolate(feature_map, y[:, None, :, None], x[None, :, None, :])
    if values.size == 0:
        return np.zeros(values.shape[:3], feature_map.dtype)
    return values.mean(axis=(3, 4))


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    cols, rows = output_size
    out = np.zeros((len(rois), features.shape[1], rows, cols), dtype=features.dtype)
    for k, roi in enumerate(rois):
        y, x, h, w = box_on_map(roi[1:], spatial_scale, aligned)
        ny = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(h / rows)), 0)
        nx = sampling_ratio if sampling_ratio > 0 else max(int(np.ceil(w / cols)), 0)
        out[k] = sample_bins(
            features[int(roi[0])], sample_points(y, h, rows, ny), sample_points(x, w, cols, nx), mode
        )
    return out
