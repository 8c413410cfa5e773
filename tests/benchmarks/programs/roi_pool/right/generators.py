# style: generators, yields, zip
import numpy as np


def floors(values, scale):
    for v in values:
        yield int(np.floor(np.float64(v) * np.float64(scale)))


def quantize_roi(roi, spatial_scale):
    return tuple(floors(roi, spatial_scale))


def borders(length, bins):
    for p in range(bins + 1):
        yield p * length // bins


def bin_edges(length, bins):
    b = list(borders(length, bins))
    return list(zip(b, b[1:]))


def windows(rows, columns, H, W):
    for i, (y0, y1) in enumerate(rows):
        for j, (x0, x1) in enumerate(columns):
            y0c, y1c = max(y0, 0), min(y1, H)
            x0c, x1c = max(x0, 0), min(x1, W)
            if y0c < y1c and x0c < x1c:
                yield i, j, np.s_[:, y0c:y1c, x0c:x1c]


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    out = np.zeros_like(feature_map, shape=(C, len(rows), len(columns)))
    for i, j, window in windows(rows, columns, H, W):
        np.max(feature_map[window], axis=(1, 2), out=out[:, i, j])
    return out


def absolute(start, edges):
    return [(start + a, start + b) for a, b in edges]


def pooled(features, rois, quantize, split, PH, PW, scale):
    for image, *box in rois:
        x1, y1, x2, y2 = quantize(box, scale)
        rows = absolute(y1, split(max(y2 - y1, 1), PH))
        columns = absolute(x1, split(max(x2 - x1, 1), PW))
        yield pool_bins(features[int(image)], rows, columns)


def roi_pool(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
    for k, maxima in enumerate(pooled(features, rois, quantize_roi, bin_edges, *output_size, spatial_scale)):
        out[k] = maxima
    return out


def bin_edges_truncate(length, bins):
    size = max(length // bins, 1)
    b = [min(p * size, length) for p in range(bins + 1)]
    return list(zip(b, b[1:]))


def bin_edges_overlap(length, bins):
    return [(p * length // bins, -((p + 1) * -length // bins)) for p in range(bins)]


def halves_away(values, scale):
    for v in values:
        v = np.float64(v) * np.float64(scale)
        yield int(v + 0.5) if v > 0 else int(v - 0.5)


def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = halves_away(roi, spatial_scale)
    return x1, y1, x2 + 1, y2 + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    out = np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
    stream = pooled(features, rois, quantize_roi_caffe, bin_edges_overlap, *output_size, spatial_scale)
    for k, maxima in enumerate(stream):
        out[k] = maxima
    return out
