# style: torchvision's C++, index arithmetic on flat data
from math import ceil, floor

import numpy as np


def interpolate(data, height, width, y, x):
    if y < -1.0 or y > height or x < -1.0 or x > width:
        return 0.0
    if y <= 0:
        y = 0.0
    if x <= 0:
        x = 0.0
    y_low, x_low = floor(y), floor(x)
    if y_low >= height - 1:
        y_high = y_low = height - 1
        y = float(y_low)
    else:
        y_high = y_low + 1
    if x_low >= width - 1:
        x_high = x_low = width - 1
        x = float(x_low)
    else:
        x_high = x_low + 1
    ly, lx = y - y_low, x - x_low
    hy, hx = 1.0 - ly, 1.0 - lx
    v1, v2 = data[y_low * width + x_low], data[y_low * width + x_high]
    v3, v4 = data[y_high * width + x_low], data[y_high * width + x_high]
    return hy * hx * v1 + hy * lx * v2 + ly * hx * v3 + ly * lx * v4


def sample_points(start, size, bins, sampling_ratio):
    bin_size = size / bins
    rows = [
        [start + p * bin_size + (i + 0.5) * bin_size / sampling_ratio for i in range(sampling_ratio)]
        for p in range(bins)
    ]
    return np.array(rows).reshape(bins, sampling_ratio)


def box_on_map(box, spatial_scale, aligned):
    offset = 0.5 if aligned else 0.0
    roi_start_w = box[0] * spatial_scale - offset
    roi_start_h = box[1] * spatial_scale - offset
    roi_end_w = box[2] * spatial_scale - offset
    roi_end_h = box[3] * spatial_scale - offset
    roi_width = roi_end_w - roi_start_w
    roi_height = roi_end_h - roi_start_h
    if not aligned:
        roi_width = max(roi_width, 1.0)
        roi_height = max(roi_height, 1.0)
    return roi_start_h, roi_start_w, roi_height, roi_width


def sample_bins(feature_map, y, x, mode):
    channels, height, width = feature_map.shape
    output = np.zeros((channels, len(y), len(x)), dtype=feature_map.dtype)
    for c in range(channels):
        data = feature_map[c].ravel()
        for ph in range(len(y)):
            for pw in range(len(x)):
                count = max(y.shape[1] * x.shape[1], 1)
                value, largest = 0.0, None
                for iy in y[ph]:
                    for ix in x[pw]:
                        v = interpolate(data, height, width, iy, ix)
                        value += v
                        largest = v if largest is None or v > largest else largest
                output[c, ph, pw] = value / count if mode == "avg" else largest or 0.0
    return output


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    pooled_height, pooled_width = output_size
    output = np.zeros((len(rois), features.shape[1], pooled_height, pooled_width), dtype=features.dtype)
    for n in range(len(rois)):
        batch = int(rois[n, 0])
        start_h, start_w, roi_h, roi_w = box_on_map(rois[n, 1:], spatial_scale, aligned)
        grid_h = sampling_ratio if sampling_ratio > 0 else ceil(roi_h / pooled_height)
        grid_w = sampling_ratio if sampling_ratio > 0 else ceil(roi_w / pooled_width)
        y = sample_points(start_h, roi_h, pooled_height, max(grid_h, 0))
        x = sample_points(start_w, roi_w, pooled_width, max(grid_w, 0))
        output[n] = sample_bins(features[batch], y, x, mode)
    return output
