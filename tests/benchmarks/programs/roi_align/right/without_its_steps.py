# style: roi_align is a whole by itself, the steps stand beside it
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    edges = start + size * np.arange(bins) / bins
    inner = (2 * np.arange(sampling_ratio) + 1) / (2 * max(sampling_ratio, 1)) * size / bins
    return edges[:, np.newaxis] + inner[np.newaxis, :]


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = [v * spatial_scale for v in box]
    if aligned:
        return y1 - 0.5, x1 - 0.5, y2 - y1, x2 - x1
    return y1, x1, max(y2 - y1, 1.0), max(x2 - x1, 1.0)


def value(fmap, y, x):
    _, H, W = fmap.shape
    if y < -1 or x < -1 or y > H or x > W:
        return np.zeros(fmap.shape[0])
    y, x = min(max(y, 0), H - 1), min(max(x, 0), W - 1)
    i, j = int(y), int(x)
    ly, lx = y - i, x - j
    out = fmap[:, i, j] * (1 - ly) * (1 - lx)
    if lx > 0:
        out = out + fmap[:, i, j + 1] * (1 - ly) * lx
    if ly > 0:
        out = out + fmap[:, i + 1, j] * ly * (1 - lx)
    if lx > 0 and ly > 0:
        out = out + fmap[:, i + 1, j + 1] * ly * lx
    return out


def sample_bins(feature_map, y, x, mode):
    C, PH, PW = feature_map.shape[0], y.shape[0], x.shape[0]
    out = np.zeros((C, PH, PW), feature_map.dtype)
    for i in range(PH):
        for j in range(PW):
            vals = [value(feature_map, a, b) for a in y[i] for b in x[j]]
            if len(vals) > 0:
                out[:, i, j] = np.max(vals, 0) if mode == "max" else np.sum(vals, 0) / len(vals)
    return out


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((rois.shape[0], features.shape[1], PH, PW), features.dtype)
    for k in range(rois.shape[0]):
        fmap = features[int(rois[k, 0])]
        off = 0.5 if aligned else 0.0
        x1, y1, x2, y2 = rois[k, 1:] * spatial_scale - off
        w, h = x2 - x1, y2 - y1
        if not aligned:
            w, h = max(w, 1.0), max(h, 1.0)
        bw, bh = w / PW, h / PH
        ny = sampling_ratio if sampling_ratio > 0 else int(np.ceil(bh))
        nx = sampling_ratio if sampling_ratio > 0 else int(np.ceil(bw))
        for ph in range(PH):
            for pw in range(PW):
                vals = []
                for iy in range(ny):
                    for ix in range(nx):
                        yy = y1 + ph * bh + (iy + 0.5) * bh / ny
                        xx = x1 + pw * bw + (ix + 0.5) * bw / nx
                        vals.append(value(fmap, yy, xx))
                if vals:
                    out[k, :, ph, pw] = np.max(vals, 0) if mode == "max" else np.mean(vals, 0)
    return out
