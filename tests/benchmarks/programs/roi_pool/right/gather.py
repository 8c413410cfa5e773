# style: vectorized, all bins of all channels in one gather
import numpy as np


def quantize_roi(roi, spatial_scale):
    ends = np.floor(np.multiply(roi, spatial_scale, dtype=np.float64))
    return tuple(map(int, ends))


def bin_edges(length, bins):
    edge = lambda p: p * length // bins
    return [(edge(p), edge(p + 1)) for p in range(bins)]


def _cells(edges, limit):
    """Indices (bins, longest) and which of them are really cells of the bin and of the map."""
    edges = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
    longest = max(int((edges[:, 1] - edges[:, 0]).max(initial=0)), 1)
    index = edges[:, :1] + np.arange(longest)
    valid = (index < edges[:, 1:]) & (index >= 0) & (index < limit)
    return np.where(valid, index, 0), valid


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    y, y_valid = _cells(rows, H)
    x, x_valid = _cells(columns, W)
    cells = feature_map[:, y[:, None, :, None], x[None, :, None, :]]
    valid = y_valid[:, None, :, None] & x_valid[None, :, None, :]
    lowest = -np.inf if feature_map.dtype.kind == "f" else np.iinfo(feature_map.dtype).min
    found = np.where(valid, cells, lowest).max(axis=(3, 4))
    return np.where(valid.any(axis=(2, 3)), found, 0).astype(feature_map.dtype)


def _layer(features, rois, output_size, boxes, split):
    out = np.zeros((len(rois), features.shape[1]) + tuple(output_size), features.dtype)
    for k, (x1, y1, x2, y2) in enumerate(boxes):
        rows = np.add(split(max(y2 - y1, 1), output_size[0]), y1)
        columns = np.add(split(max(x2 - x1, 1), output_size[1]), x1)
        out[k] = pool_bins(features[int(rois[k, 0])], rows, columns)
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    boxes = [quantize_roi(roi[1:], spatial_scale) for roi in rois]
    return _layer(features, rois, output_size, boxes, bin_edges)


def bin_edges_truncate(length, bins):
    size = max(1, length // bins)
    return [tuple(np.clip([p * size, p * size + size], 0, length).tolist()) for p in range(bins)]


def bin_edges_overlap(length, bins):
    return [(p * length // bins, -(-(p + 1) * length // bins)) for p in range(bins)]


def quantize_roi_caffe(roi, spatial_scale):
    scaled = np.multiply(roi, spatial_scale, dtype=np.float64)
    whole = np.trunc(scaled)
    away = np.abs(scaled - whole) >= 0.5
    x1, y1, x2, y2 = (whole + away * np.sign(scaled)).astype(int).tolist()
    return x1, y1, x2 + 1, y2 + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    boxes = [quantize_roi_caffe(roi[1:], spatial_scale) for roi in rois]
    return _layer(features, rois, output_size, boxes, bin_edges_overlap)
