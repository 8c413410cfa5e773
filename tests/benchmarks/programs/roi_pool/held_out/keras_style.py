# faults: width_quantized + resized + batch_index_ignored | width_quantized + resized + batch_index_ignored + clipped_before_the_bins
# style: the Keras layer in numpy: x, y, w, h, crop, resize, one image a batch
# rest: right/by_the_notebook.py
import numpy as np


def bilinear_resize(img, size):
    c, h, w = img.shape
    rows, cols = size
    out = np.zeros((c, rows, cols))
    for r in range(rows):
        fy = r * h / rows
        ya = int(np.floor(fy))
        yb = min(ya + 1, h - 1)
        for q in range(cols):
            fx = q * w / cols
            xa = int(np.floor(fx))
            xb = min(xa + 1, w - 1)
            top = img[:, ya, xa] + (img[:, ya, xb] - img[:, ya, xa]) * (fx - xa)
            bot = img[:, yb, xa] + (img[:, yb, xb] - img[:, yb, xa]) * (fx - xa)
            out[:, r, q] = top + (bot - top) * (fy - ya)
    return out


def roi_pool(features, rois, output_size, spatial_scale):
    img = features[0]
    outputs = np.zeros((len(rois), img.shape[0], output_size[0], output_size[1]), dtype=features.dtype)
    for i, (_, x1, y1, x2, y2) in enumerate(rois):
        x = int(np.floor(x1 * spatial_scale))
        y = int(np.floor(y1 * spatial_scale))
        w = max(int(np.floor((x2 - x1) * spatial_scale)), 1)
        h = max(int(np.floor((y2 - y1) * spatial_scale)), 1)
        crop = img[:, max(y, 0):max(y + h, 0), max(x, 0):max(x + w, 0)]
        if crop.size > 0:
            outputs[i] = bilinear_resize(crop, output_size)
    return outputs
