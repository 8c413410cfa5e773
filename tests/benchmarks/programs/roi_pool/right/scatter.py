# style: every cell looks for its bin (np.maximum.at)
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(int(v) for v in np.floor_divide(np.asarray(roi, dtype=np.float64) * spatial_scale, 1.0))


def bin_edges(length, bins):
    # count how many cells have their bin at or before p; cell i is in bin ceil((i + 1) * bins / length) - 1
    bin_of_cell = [((i + 1) * bins + length - 1) // length - 1 for i in range(length)]
    sizes = [bin_of_cell.count(p) for p in range(bins)]
    edges, start = [], 0
    for size in sizes:
        edges.append((start, start + size))
        start += size
    return edges


def pool_bins(feature_map, rows, columns):
    C, H, W = feature_map.shape
    lowest = -np.inf if feature_map.dtype.kind == "f" else np.iinfo(feature_map.dtype).min
    best = np.full((C, len(rows), len(columns)), lowest, feature_map.dtype)
    seen = np.zeros((len(rows), len(columns)), bool)
    for y in range(H):
        in_rows = [i for i, (a, b) in enumerate(rows) if a <= y < b]
        for x in range(W) if in_rows else ():
            in_columns = [j for j, (a, b) in enumerate(columns) if a <= x < b]
            for i in in_rows:
                for j in in_columns:
                    np.maximum.at(best, (slice(None), i, j), feature_map[:, y, x])
                    seen[i, j] = True
    best[:, ~seen] = 0
    return best


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi(roi[1:], spatial_scale)
        n_rows = y2 - y1 if y2 > y1 else 1
        n_columns = x2 - x1 if x2 > x1 else 1
        rows = [(a + y1, b + y1) for a, b in bin_edges(n_rows, PH)]
        columns = [(a + x1, b + x1) for a, b in bin_edges(n_columns, PW)]
        result[k] = pool_bins(features[int(roi[0])], rows, columns)
    return result


def bin_edges_truncate(length, bins):
    size = max(length // bins, 1)
    cells = list(range(length))
    edges = []
    for p in range(bins):
        mine = cells[p * size : (p + 1) * size]
        edges.append((mine[0], mine[-1] + 1) if mine else (length, length))
    return edges


def bin_edges_overlap(length, bins):
    edges = []
    for p in range(bins):
        start = length * p // bins
        end = start
        while end * bins < length * (p + 1):
            end += 1
        edges.append((start, end))
    return edges


def quantize_roi_caffe(roi, spatial_scale):
    ends = []
    for v in np.asarray(roi, dtype=np.float64) * spatial_scale:
        low = np.floor(v)
        if v > 0:
            ends.append(int(low + (v - low >= 0.5)))
        else:
            ends.append(int(low + (v - low > 0.5)))
    return ends[0], ends[1], ends[2] + 1, ends[3] + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    result = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi_caffe(roi[1:], spatial_scale)
        n_rows = y2 - y1 if y2 > y1 else 1
        n_columns = x2 - x1 if x2 > x1 else 1
        rows = [(a + y1, b + y1) for a, b in bin_edges_overlap(n_rows, PH)]
        columns = [(a + x1, b + x1) for a, b in bin_edges_overlap(n_columns, PW)]
        result[k] = pool_bins(features[int(roi[0])], rows, columns)
    return result
