# style: try and except for empty bins, a list of intervals cut by intersection
import numpy as np


def quantize_roi(roi, spatial_scale):
    x1, y1, x2, y2 = np.floor(np.multiply(roi, spatial_scale, dtype=np.float64))
    return int(x1), int(y1), int(x2), int(y2)


def bin_edges(length, bins):
    return [((p * length) // bins, (p * length + length) // bins) for p in range(bins)]


def bin_edges_truncate(length, bins):
    b = max(length // bins, 1)
    return [(int(s), int(e)) for s, e in np.minimum([[p * b, p * b + b] for p in range(bins)], length)]


def bin_edges_overlap(length, bins):
    return [(p * length // bins, -((p + 1) * -length // bins)) for p in range(bins)]


def inside(span, length):
    return slice(min(max(span[0], 0), length), min(max(span[1], 0), length))


def pool_bins(feature_map, rows, columns):
    channels, H, W = feature_map.shape

    def value(channel, row, column):
        try:
            return np.max(channel[inside(row, H), inside(column, W)])
        except ValueError:  # no cells
            return 0

    values = [[[value(channel, r, c) for c in columns] for r in rows] for channel in feature_map]
    return np.array(values, dtype=feature_map.dtype).reshape(channels, len(rows), len(columns))


def quantize_roi_caffe(roi, spatial_scale):
    t = np.multiply(roi, spatial_scale, dtype=np.float64)
    t = np.where(t < 0, np.ceil(t - 0.5), np.floor(t + 0.5)).astype(int)
    return tuple((t + (0, 0, 1, 1)).tolist())


class Layer:
    def __init__(self, quantize, cut):
        self.quantize, self.cut = quantize, cut

    def __call__(self, features, rois, output_size, spatial_scale):
        out = np.zeros((len(rois), features.shape[1]) + tuple(output_size), features.dtype)
        for row, roi in zip(out, rois):
            x1, y1, x2, y2 = self.quantize(roi[1:], spatial_scale)
            rows = self.shift(y1, max(y2 - y1, 1), output_size[0])
            row[...] = pool_bins(features[int(roi[0])], rows, self.shift(x1, max(x2 - x1, 1), output_size[1]))
        return out

    def shift(self, by, length, bins):
        return [(by + start, by + end) for start, end in self.cut(length, bins)]


def roi_pool(features, rois, output_size, spatial_scale):
    return Layer(quantize_roi, bin_edges)(features, rois, output_size, spatial_scale)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return Layer(quantize_roi_caffe, bin_edges_overlap)(features, rois, output_size, spatial_scale)
