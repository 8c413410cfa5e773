# style: range maxima from a table of powers of two, one axis after the other
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(int(e // 1) for e in np.array([float(v) for v in roi]) * spatial_scale)


def bin_edges(length, bins):
    edge = [length * p // bins for p in range(bins + 1)]
    return [(edge[p], edge[p + 1]) for p in range(bins)]


def range_maxima(values, spans):
    """Maximum over axis -1 of values for each span; nothing where the span is empty."""
    table = [values]
    while table[-1].shape[-1] > 2 ** (len(table) - 1):
        half = 2 ** (len(table) - 1)
        table.append(np.maximum(table[-1][..., :-half], table[-1][..., half:]))
    out, some = np.zeros((*values.shape[:-1], len(spans)), values.dtype), []
    for n, (start, end) in enumerate(spans):
        start, end = max(start, 0), min(end, values.shape[-1])
        some.append(start < end)
        if start < end:
            level = (end - start).bit_length() - 1
            out[..., n] = np.maximum(table[level][..., start], table[level][..., end - 2**level])
    return out, np.array(some)


def pool_bins(feature_map, rows, columns):
    across, has_columns = range_maxima(feature_map, columns)
    down, has_rows = range_maxima(np.swapaxes(across, 1, 2), rows)
    result = np.swapaxes(down, 1, 2)
    return np.where(has_rows[:, None] & has_columns, result, 0).astype(feature_map.dtype)


def run(features, rois, output_size, corners, cut):
    out = np.zeros((len(rois), features.shape[1], *output_size), features.dtype)
    for k, (x1, y1, x2, y2) in enumerate(corners):
        rows = [(y1 + s, y1 + e) for s, e in cut(max(y2 - y1, 1), output_size[0])]
        columns = [(x1 + s, x1 + e) for s, e in cut(max(x2 - x1, 1), output_size[1])]
        out[k] = pool_bins(features[int(rois[k][0])], rows, columns)
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    return run(features, rois, output_size, [quantize_roi(r[1:], spatial_scale) for r in rois], bin_edges)


def bin_edges_truncate(length, bins):
    size = length // bins or 1
    return [(min(size * p, length), min(size * p + size, length)) for p in range(bins)]


def bin_edges_overlap(length, bins):
    return [(length * p // bins, 1 + (length * (p + 1) - 1) // bins) for p in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    ends = []
    for end, more in zip(roi, (0, 0, 1, 1)):
        whole, part = divmod(abs(float(end) * spatial_scale), 1)
        whole = int(whole) + (part >= 0.5)
        ends.append((-whole if end < 0 else whole) + more)
    return tuple(ends)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    corners = [quantize_roi_caffe(r[1:], spatial_scale) for r in rois]
    return run(features, rois, output_size, corners, bin_edges_overlap)
