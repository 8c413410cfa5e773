# style: no loop over boxes where the number of samples is fixed
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    """Also for arrays of boxes: (..., bins, sampling_ratio)."""
    start, size = np.asarray(start, float)[..., None, None], np.asarray(size, float)[..., None, None]
    p = np.arange(bins)[:, None]
    i = np.arange(sampling_ratio)[None, :]
    return start + size * ((p * sampling_ratio + i + 0.5) / (bins * max(sampling_ratio, 1)))


def boxes_on_map(boxes, spatial_scale, aligned):
    scaled = np.asarray(boxes, dtype=np.float64) * spatial_scale
    size = scaled[..., 2:] - scaled[..., :2]
    if aligned:
        start = scaled[..., :2] - 0.5
    else:
        start, size = scaled[..., :2], np.maximum(size, 1.0)
    return start[..., 1], start[..., 0], size[..., 1], size[..., 0]


def box_on_map(box, spatial_scale, aligned):
    return boxes_on_map(box, spatial_scale, aligned)


def interpolate(maps, y, x):
    """maps (K, C, H, W); y, x (K, ...)."""
    K, _, H, W = maps.shape
    k = np.arange(K).reshape(K, *[1] * (y.ndim - 1))
    beyond = (y < -1) | (y > H) | (x < -1) | (x > W)
    y, x = np.clip(y, 0, H - 1), np.clip(x, 0, W - 1)
    i, j = y.astype(int), x.astype(int)
    ii, jj = np.minimum(i + 1, H - 1), np.minimum(j + 1, W - 1)
    b, a = (y - i)[..., None], (x - j)[..., None]
    last = np.moveaxis(maps, 1, -1)  # channels last
    top = last[k, i, j] * (1 - a) + last[k, i, jj] * a
    low = last[k, ii, j] * (1 - a) + last[k, ii, jj] * a
    out = top * (1 - b) + low * b
    out[beyond] = 0
    return np.moveaxis(out, -1, 1)


def bins_of(maps, y, x, mode):
    if y.shape[-1] == 0 or x.shape[-1] == 0:
        return np.zeros((len(maps), maps.shape[1], y.shape[1], x.shape[1]))
    y, x = np.broadcast_arrays(y[:, :, None, :, None], x[:, None, :, None, :])
    samples = interpolate(maps, y, x)
    return samples.mean((-2, -1)) if mode == "avg" else samples.max((-2, -1))


def sample_bins(feature_map, y, x, mode):
    return bins_of(feature_map[None], y[None], x[None], mode)[0].astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    index = np.asarray(rois)[:, 0].astype(int)
    y, x, h, w = boxes_on_map(np.asarray(rois)[:, 1:], spatial_scale, aligned)
    out = np.zeros((len(index), features.shape[1], PH, PW))
    counts = np.full((len(index), 2), sampling_ratio)
    if sampling_ratio <= 0:
        counts = np.maximum(np.ceil(np.stack([h / PH, w / PW], axis=1)), 0).astype(int)
    for ny, nx in {tuple(pair) for pair in counts.tolist()}:
        some = np.flatnonzero((counts == (ny, nx)).all(axis=1))
        ys = sample_points(y[some], h[some], PH, ny)
        xs = sample_points(x[some], w[some], PW, nx)
        out[some] = bins_of(features[index[some]], ys, xs, mode)
    return out.astype(features.dtype)
