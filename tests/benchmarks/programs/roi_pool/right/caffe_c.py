# style: the C++ layer line by line, flat offsets, fmin and fmax replaced by min and max
import numpy as np


def cround(v):
    return int(v + 0.5) if v >= 0 else int(v - 0.5)


def cfloor(v):
    i = int(v)
    return i - 1 if i > v else i


def quantize_roi(roi, spatial_scale):
    return (
        cfloor(roi[0] * spatial_scale),
        cfloor(roi[1] * spatial_scale),
        cfloor(roi[2] * spatial_scale),
        cfloor(roi[3] * spatial_scale),
    )


def bin_edges(length, bins):
    return [(p * length // bins, (p + 1) * length // bins) for p in range(bins)]


def pool_bins(feature_map, rows, columns):
    channels, height, width = feature_map.shape
    pooled_height, pooled_width = len(rows), len(columns)
    bottom_data = feature_map.reshape(-1)
    top_data = np.zeros(channels * pooled_height * pooled_width, dtype=feature_map.dtype)
    for c in range(channels):
        for ph in range(pooled_height):
            for pw in range(pooled_width):
                hstart = min(max(rows[ph][0], 0), height)
                hend = min(max(rows[ph][1], 0), height)
                wstart = min(max(columns[pw][0], 0), width)
                wend = min(max(columns[pw][1], 0), width)
                is_empty = hend <= hstart or wend <= wstart
                pool_index = (c * pooled_height + ph) * pooled_width + pw
                if is_empty:
                    top_data[pool_index] = 0
                    continue
                maxval = bottom_data[(c * height + hstart) * width + wstart]
                for h in range(hstart, hend):
                    for w in range(wstart, wend):
                        index = (c * height + h) * width + w
                        if bottom_data[index] > maxval or np.isnan(bottom_data[index]):
                            maxval = bottom_data[index]
                top_data[pool_index] = maxval
    return top_data.reshape(channels, pooled_height, pooled_width)


def roi_pool(features, rois, output_size, spatial_scale):
    num_rois = len(rois)
    pooled_height, pooled_width = output_size
    top = np.zeros((num_rois, features.shape[1], pooled_height, pooled_width), dtype=features.dtype)
    for n in range(num_rois):
        roi_batch_ind = int(rois[n][0])
        roi_start_w, roi_start_h, roi_end_w, roi_end_h = quantize_roi(rois[n][1:], spatial_scale)
        roi_height = max(roi_end_h - roi_start_h, 1)
        roi_width = max(roi_end_w - roi_start_w, 1)
        hbins = [(s + roi_start_h, e + roi_start_h) for s, e in bin_edges(roi_height, pooled_height)]
        wbins = [(s + roi_start_w, e + roi_start_w) for s, e in bin_edges(roi_width, pooled_width)]
        top[n] = pool_bins(features[roi_batch_ind], hbins, wbins)
    return top


def bin_edges_truncate(length, bins):
    bin_size = max(length // bins, 1)
    return [(min(p * bin_size, length), min((p + 1) * bin_size, length)) for p in range(bins)]


def bin_edges_overlap(length, bins):
    return [(p * length // bins, ((p + 1) * length + bins - 1) // bins) for p in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    return (
        cround(roi[0] * spatial_scale),
        cround(roi[1] * spatial_scale),
        cround(roi[2] * spatial_scale) + 1,
        cround(roi[3] * spatial_scale) + 1,
    )


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    num_rois = len(rois)
    pooled_height, pooled_width = output_size
    top = np.zeros((num_rois, features.shape[1], pooled_height, pooled_width), dtype=features.dtype)
    for n in range(num_rois):
        roi_batch_ind = int(rois[n][0])
        roi_start_w, roi_start_h, roi_end_w, roi_end_h = quantize_roi_caffe(rois[n][1:], spatial_scale)
        roi_height = max(roi_end_h - roi_start_h, 1)
        roi_width = max(roi_end_w - roi_start_w, 1)
        hbins = [(s + roi_start_h, e + roi_start_h) for s, e in bin_edges_overlap(roi_height, pooled_height)]
        wbins = [(s + roi_start_w, e + roi_start_w) for s, e in bin_edges_overlap(roi_width, pooled_width)]
        top[n] = pool_bins(features[roi_batch_ind], hbins, wbins)
    return top
