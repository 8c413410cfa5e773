# faults: half_pixel_forgotten + zero_padding
# style: crop_and_resize with nothing around the map
# rest: right/crop_and_resize.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    x0, y0, x1, y1 = np.asarray(box, "float64") * spatial_scale
    h, w = y1 - y0, x1 - x0
    return (y0, x0, h, w) if aligned else (y0, x0, max(h, 1.0), max(w, 1.0))


def crop(image, ys, xs):
    height, width, channels = image.shape
    ring = np.zeros((height + 2, width + 2, channels))
    ring[1:-1, 1:-1] = image
    in_y, in_x = np.meshgrid(ys, xs, indexing="ij")
    valid = (in_y > -1) & (in_y < height) & (in_x > -1) & (in_x < width)
    in_y, in_x = np.where(valid, in_y + 1, 0), np.where(valid, in_x + 1, 0)
    top, left = in_y.astype("int32"), in_x.astype("int32")
    y_lerp, x_lerp = (in_y - top)[..., None], (in_x - left)[..., None]
    upper = ring[top, left] * (1 - x_lerp) + ring[top, left + 1] * x_lerp
    lower = ring[top + 1, left] * (1 - x_lerp) + ring[top + 1, left + 1] * x_lerp
    return (upper * (1 - y_lerp) + lower * y_lerp) * valid[..., None]
