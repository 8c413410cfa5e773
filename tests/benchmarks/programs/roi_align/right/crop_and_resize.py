# style: TensorFlow's habits: gather_nd, boxes as y1, x1, y2, x2, average pooling of a larger crop
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    crop_size = bins * sampling_ratio
    spacing = size / max(crop_size, 1)
    return (start + spacing / 2 + np.arange(crop_size) * spacing).reshape(bins, sampling_ratio)


def box_on_map(box, spatial_scale, aligned):
    x0, y0, x1, y1 = np.split(np.asarray(box, "float64").reshape(4) * spatial_scale, 4)
    tf_box = np.concatenate([y0, x0, y1 - y0, x1 - x0])
    if aligned:
        tf_box[:2] -= 0.5
    else:
        tf_box[2:] = np.maximum(tf_box[2:], 1.0)
    return tuple(tf_box.tolist())


def gather_nd(image, ij):
    return image[ij[..., 0], ij[..., 1]]


def crop(image, ys, xs):
    """image (H, W, C) -> (len(ys), len(xs), C), extrapolation_value 0."""
    height, width, _ = image.shape
    in_y, in_x = np.meshgrid(ys, xs, indexing="ij")
    valid = (in_y >= -1) & (in_y <= height) & (in_x >= -1) & (in_x <= width)
    in_y, in_x = np.clip(in_y, 0, height - 1), np.clip(in_x, 0, width - 1)
    top, left = np.floor(in_y).astype("int32"), np.floor(in_x).astype("int32")
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    y_lerp, x_lerp = (in_y - top)[..., None], (in_x - left)[..., None]
    top_left, top_right = (gather_nd(image, np.stack([top, c], -1)) for c in (left, right))
    bottom_left, bottom_right = (gather_nd(image, np.stack([bottom, c], -1)) for c in (left, right))
    upper = top_left + (top_right - top_left) * x_lerp
    lower = bottom_left + (bottom_right - bottom_left) * x_lerp
    return (upper + (lower - upper) * y_lerp) * valid[..., None]


def sample_bins(feature_map, y, x, mode):
    (PH, ny), (PW, nx) = y.shape, x.shape
    image = np.transpose(feature_map, (1, 2, 0))
    if not (ny and nx):
        return np.zeros((image.shape[-1], PH, PW), feature_map.dtype)
    crops = crop(image, y.ravel(), x.ravel()).reshape(PH, ny, PW, nx, -1)
    pooled = np.mean(crops, axis=(1, 3)) if mode == "avg" else np.amax(crops, axis=(1, 3))
    return pooled.transpose(2, 0, 1).astype(feature_map.dtype)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    crop_height, crop_width = output_size
    box_ind = rois[:, 0].astype("int32")
    pooled = []
    for b, box in zip(box_ind, rois[:, 1:]):
        y, x, h, w = box_on_map(box, spatial_scale, aligned)
        ny = nx = sampling_ratio
        if sampling_ratio <= 0:
            ny = int(np.maximum(np.ceil(h / crop_height), 0))
            nx = int(np.maximum(np.ceil(w / crop_width), 0))
        ys = sample_points(y, h, crop_height, ny)
        xs = sample_points(x, w, crop_width, nx)
        pooled.append(sample_bins(features[b], ys, xs, mode))
    shape = (len(pooled), features.shape[1], crop_height, crop_width)
    return np.reshape(np.array(pooled, dtype=features.dtype), shape)
