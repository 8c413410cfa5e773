# style: ported from PyTorch, an adaptive_max_pool2d of its own
import numpy as np


def adaptive_max_pool2d(x, rows, cols):
    # x: C x h x w, the crop; rows and cols are relative to it
    out = np.zeros((x.shape[0], len(rows), len(cols)), dtype=x.dtype)
    for i, (h0, h1) in enumerate(rows):
        for j, (w0, w1) in enumerate(cols):
            window = x[:, h0:h1, w0:w1]
            if window.shape[1] == 0 or window.shape[2] == 0:
                continue
            out[:, i, j] = window.reshape(window.shape[0], -1).max(axis=-1)
    return out


def clamp(v, lo, hi):
    return max(lo, min(v, hi))


def quantize_roi(roi, spatial_scale):
    roi = np.asarray(roi).astype(np.float64)
    x1, y1, x2, y2 = np.floor(roi * spatial_scale).astype(np.int64).tolist()
    return x1, y1, x2, y2


def bin_edges(length, bins):
    return [(int(i * length // bins), int((i + 1) * length // bins)) for i in range(bins)]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    rows = [(clamp(a, 0, H), clamp(b, 0, H)) for a, b in rows]
    columns = [(clamp(a, 0, W), clamp(b, 0, W)) for a, b in columns]
    return adaptive_max_pool2d(feature_map, rows, columns)


def roi_pool(features, rois, output_size, spatial_scale=1.0):
    ph, pw = output_size
    num_rois = rois.shape[0]
    output = []
    for i in range(num_rois):
        batch = int(rois[i][0].item())
        x1, y1, x2, y2 = quantize_roi(rois[i][1:], spatial_scale)
        h = max(y2 - y1, 1)
        w = max(x2 - x1, 1)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges(h, ph)]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges(w, pw)]
        output.append(pool_bins(features[batch], rows, cols)[np.newaxis])
    if num_rois == 0:
        return np.zeros((0, features.shape[1], ph, pw), dtype=features.dtype)
    return np.concatenate(output, axis=0)


def bin_edges_truncate(length, bins):
    stride = clamp(length // bins, 1, length)
    return [(clamp(i * stride, 0, length), clamp((i + 1) * stride, 0, length)) for i in range(bins)]


def bin_edges_overlap(length, bins):
    return [(i * length // bins, ((i + 1) * length + bins - 1) // bins) for i in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    roi = np.asarray(roi).astype(np.float64) * spatial_scale
    half = np.where(roi < 0, -0.5, 0.5)
    x1, y1, x2, y2 = np.fix(roi + half).astype(np.int64).tolist()
    return x1, y1, x2 + 1, y2 + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale=1.0):
    ph, pw = output_size
    output = np.zeros((rois.shape[0], features.shape[1], ph, pw), dtype=features.dtype)
    for i in range(rois.shape[0]):
        x1, y1, x2, y2 = quantize_roi_caffe(rois[i][1:], spatial_scale)
        h = max(y2 - y1, 1)
        w = max(x2 - x1, 1)
        rows = [(y1 + a, y1 + b) for a, b in bin_edges_overlap(h, ph)]
        cols = [(x1 + a, x1 + b) for a, b in bin_edges_overlap(w, pw)]
        output[i] = pool_bins(features[int(rois[i][0].item())], rows, cols)
    return output
