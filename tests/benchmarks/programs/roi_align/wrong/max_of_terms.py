# faults: maximum_of_weighted_corners
# style: ONNX Runtime's maximum: of the four weighted neighbours
# rest: right/detectron.py
import numpy as np


def sample_bins(feature_map, y, x, mode):
    C, H, W = feature_map.shape
    PH, PW = len(y), len(x)
    if y.size == 0 or x.size == 0:
        return np.zeros((C, PH, PW), feature_map.dtype)
    pos, w = pre_calc(y[:, None, :, None], x[None, :, None, :], H, W)
    terms = feature_map.reshape(C, H * W)[:, pos] * w  # (C, 4, PH, PW, ny, nx)
    if mode == "max":
        return terms.max(axis=(1, 4, 5)).astype(feature_map.dtype)
    return terms.sum(axis=1).mean(axis=(3, 4)).astype(feature_map.dtype)
