# style: roi_pool in one piece, calls none of its own functions
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(int(np.floor(np.float64(v) * spatial_scale)) for v in roi)


def bin_edges(length, bins):
    result = []
    for p in range(bins):
        result.append((p * length // bins, (p + 1) * length // bins))
    return result


def pool_bins(feature_map, rows, columns):
    result = np.zeros((feature_map.shape[0], len(rows), len(columns)), dtype=feature_map.dtype)
    for i in range(len(rows)):
        y1, y2 = rows[i]
        y1 = max(y1, 0)
        y2 = min(y2, feature_map.shape[1])
        for j in range(len(columns)):
            x1, x2 = columns[j]
            x1 = max(x1, 0)
            x2 = min(x2, feature_map.shape[2])
            if y1 >= y2 or x1 >= x2:
                continue
            result[:, i, j] = np.amax(feature_map[:, y1:y2, x1:x2], axis=(1, 2))
    return result


def roi_pool(features, rois, output_size, spatial_scale):
    num_images, channels, height, width = features.shape
    pooled_h, pooled_w = output_size
    result = np.zeros((rois.shape[0], channels, pooled_h, pooled_w), dtype=features.dtype)
    for n in range(rois.shape[0]):
        image = features[int(rois[n, 0])]
        x_start = int(np.floor(rois[n, 1] * spatial_scale))
        y_start = int(np.floor(rois[n, 2] * spatial_scale))
        x_end = int(np.floor(rois[n, 3] * spatial_scale))
        y_end = int(np.floor(rois[n, 4] * spatial_scale))
        roi_w = max(x_end - x_start, 1)
        roi_h = max(y_end - y_start, 1)
        for ph in range(pooled_h):
            top = y_start + ph * roi_h // pooled_h
            bottom = y_start + (ph + 1) * roi_h // pooled_h
            top, bottom = min(max(top, 0), height), min(max(bottom, 0), height)
            for pw in range(pooled_w):
                left = x_start + pw * roi_w // pooled_w
                right = x_start + (pw + 1) * roi_w // pooled_w
                left, right = min(max(left, 0), width), min(max(right, 0), width)
                if bottom > top and right > left:
                    result[n, :, ph, pw] = np.amax(image[:, top:bottom, left:right], axis=(1, 2))
    return result


def bin_edges_truncate(length, bins):
    step = max(length // bins, 1)
    result = []
    for p in range(bins):
        result.append((min(p * step, length), min((p + 1) * step, length)))
    return result


def bin_edges_overlap(length, bins):
    result = []
    for p in range(bins):
        end, rest = divmod((p + 1) * length, bins)
        result.append((p * length // bins, end + 1 if rest else end))
    return result


def quantize_roi_caffe(roi, spatial_scale):
    result = []
    for v in roi:
        v = np.float64(v) * spatial_scale
        result.append(int(np.floor(v + 0.5)) if v >= 0 else int(np.ceil(v - 0.5)))
    return result[0], result[1], result[2] + 1, result[3] + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    num_images, channels, height, width = features.shape
    pooled_h, pooled_w = output_size
    result = np.zeros((rois.shape[0], channels, pooled_h, pooled_w), dtype=features.dtype)
    for n in range(rois.shape[0]):
        image = features[int(rois[n, 0])]
        scaled = rois[n, 1:] * spatial_scale
        ends = np.where(scaled >= 0, np.floor(scaled + 0.5), np.ceil(scaled - 0.5)).astype(int)
        roi_w = max(ends[2] - ends[0] + 1, 1)
        roi_h = max(ends[3] - ends[1] + 1, 1)
        for ph in range(pooled_h):
            top = ends[1] + ph * roi_h // pooled_h
            bottom = ends[1] + -(-(ph + 1) * roi_h // pooled_h)
            top, bottom = min(max(top, 0), height), min(max(bottom, 0), height)
            for pw in range(pooled_w):
                left = ends[0] + pw * roi_w // pooled_w
                right = ends[0] + -(-(pw + 1) * roi_w // pooled_w)
                left, right = min(max(left, 0), width), min(max(right, 0), width)
                if bottom > top and right > left:
                    result[n, :, ph, pw] = np.amax(image[:, top:bottom, left:right], axis=(1, 2))
    return result
