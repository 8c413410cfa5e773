# faults: still_quantized + always_maximum + clipped_to_the_map
# style: RoI pooling with samples in its bins
# rest: right/notebook.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = (int(np.floor(v * spatial_scale)) for v in box)
    if aligned:
        return y1 - 0.5, x1 - 0.5, y2 - y1, x2 - x1
    return y1, x1, max(y2 - y1, 1), max(x2 - x1, 1)


def sample_bins(feature_map, y, x, mode):
    out = np.zeros((len(feature_map), len(y), len(x)), dtype=feature_map.dtype)
    for i in range(len(y)):
        for j in range(len(x)):
            samples = bilinear_interpolate(feature_map, y[i][:, None], x[j][None, :])
            if samples.size:
                out[:, i, j] = samples.max(axis=(1, 2))
    return out


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    _, C, H, W = features.shape
    out = np.zeros((len(rois), C, *output_size), dtype=features.dtype)
    for k, (image, x1, y1, x2, y2) in enumerate(rois):
        x1, x2 = (min(max(v * spatial_scale, 0), W) for v in (x1, x2))
        y1, y2 = (min(max(v * spatial_scale, 0), H) for v in (y1, y2))
        y, x, h, w = box_on_map((x1, y1, x2, y2), 1.0, aligned)
        n = [sampling_ratio] * 2
        if sampling_ratio <= 0:
            n = [max(int(np.ceil(s / p)), 0) for s, p in zip((h, w), output_size)]
        ys, xs = sample_points(y, h, output_size[0], n[0]), sample_points(x, w, output_size[1], n[1])
        out[k] = sample_bins(features[int(image)], ys, xs, mode)
    return out
