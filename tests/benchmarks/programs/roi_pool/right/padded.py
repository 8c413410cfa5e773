# style: the map is padded with the lowest number, so that no bin is empty
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = [np.floor(np.float64(c) * spatial_scale) for c in roi]
    return (int(x1), int(y1), int(x2), int(y2))


def bin_edges(length, bins):
    return [((i * length) // bins, ((i + 1) * length) // bins) for i in range(bins)]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    lowest = np.finfo(feature_map.dtype).min if feature_map.dtype.kind == "f" else np.iinfo(feature_map.dtype).min
    padded = np.full((C, H + 1, W + 1), lowest, dtype=feature_map.dtype)
    padded[:, :H, :W] = feature_map
    result = np.zeros((C, len(rows), len(columns)), dtype=feature_map.dtype)
    for i in range(len(rows)):
        ys = [y for y in range(rows[i][0], rows[i][1]) if 0 <= y < H] or [H]
        for j in range(len(columns)):
            xs = [x for x in range(columns[j][0], columns[j][1]) if 0 <= x < W] or [W]
            if ys == [H] or xs == [W]:
                continue
            result[:, i, j] = padded[:, ys][:, :, xs].max(axis=2).max(axis=1)
    return result


def roi_pool(features, rois, output_size, spatial_scale):
    rois = np.array(rois, dtype=np.float64)
    pooled = [np.zeros((features.shape[1], output_size[0], output_size[1]), dtype=features.dtype) for _ in rois]
    for roi, target in zip(rois, pooled):
        image = int(roi[0])
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        x2 = max(x2, x1 + 1)
        y2 = max(y2, y1 + 1)
        ybins = [(y1 + s, y1 + e) for s, e in bin_edges(y2 - y1, output_size[0])]
        xbins = [(x1 + s, x1 + e) for s, e in bin_edges(x2 - x1, output_size[1])]
        target[:] = pool_bins(features[image], ybins, xbins)
    if not pooled:
        return np.zeros((0, features.shape[1], output_size[0], output_size[1]), dtype=features.dtype)
    return np.stack(pooled)


def bin_edges_truncate(length, bins):
    b = max(int(length // bins), 1)
    return [(i * b if i * b < length else length, (i + 1) * b if (i + 1) * b < length else length) for i in range(bins)]


def bin_edges_overlap(length, bins):
    return [((i * length) // bins, ((i + 1) * length + (bins - 1)) // bins) for i in range(bins)]


def round_half_away(value):
    return int(np.trunc(value + 0.5 * np.sign(value)))


def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = [round_half_away(np.float64(c) * spatial_scale) for c in roi]
    return (x1, y1, x2 + 1, y2 + 1)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    pooled = np.zeros((len(rois), features.shape[1], output_size[0], output_size[1]), dtype=features.dtype)
    for roi, target in zip(rois, pooled):
        x1, y1, x2, y2 = quantize_roi_caffe(roi[1:], spatial_scale)
        x2 = max(x2, x1 + 1)
        y2 = max(y2, y1 + 1)
        ybins = [(y1 + s, y1 + e) for s, e in bin_edges_overlap(y2 - y1, output_size[0])]
        xbins = [(x1 + s, x1 + e) for s, e in bin_edges_overlap(x2 - x1, output_size[1])]
        target[:] = pool_bins(features[int(roi[0])], ybins, xbins)
    return pooled
