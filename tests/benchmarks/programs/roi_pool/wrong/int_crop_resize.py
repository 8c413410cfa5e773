# faults: cut_toward_zero + width_quantized + resized
# style: x, y, w, h to int, crop, tf.image.resize written out
# rest: right/loops.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    pool_h, pool_w = output_size
    outputs = []
    for roi in rois:
        img = features[int(roi[0])]
        x = int(roi[1] * spatial_scale)
        y = int(roi[2] * spatial_scale)
        w = max(int((roi[3] - roi[1]) * spatial_scale), 1)
        h = max(int((roi[4] - roi[2]) * spatial_scale), 1)
        crop = img[:, max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)]
        out = np.zeros((img.shape[0], pool_h, pool_w), dtype=features.dtype)
        if crop.size:
            ys = np.arange(pool_h) * crop.shape[1] / pool_h
            xs = np.arange(pool_w) * crop.shape[2] / pool_w
            for i, yy in enumerate(ys):
                for j, xx in enumerate(xs):
                    i0, j0 = int(yy), int(xx)
                    i1, j1 = min(i0 + 1, crop.shape[1] - 1), min(j0 + 1, crop.shape[2] - 1)
                    a, b = yy - i0, xx - j0
                    upper = (1 - b) * crop[:, i0, j0] + b * crop[:, i0, j1]
                    lower = (1 - b) * crop[:, i1, j0] + b * crop[:, i1, j1]
                    out[:, i, j] = (1 - a) * upper + a * lower
        outputs.append(out)
    return np.array(outputs, dtype=features.dtype).reshape(len(rois), features.shape[1], pool_h, pool_w)
