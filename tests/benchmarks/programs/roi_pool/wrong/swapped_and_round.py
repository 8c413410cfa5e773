# faults: x_and_y_swapped + halves_to_even
# style: monolithic, row and col confused
# rest: right/gather.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    B, C, H, W = features.shape
    oh, ow = output_size
    out = np.zeros((len(rois), C, oh, ow), dtype=features.dtype)
    for n in range(len(rois)):
        b = int(rois[n, 0])
        r1, c1, r2, c2 = np.round(rois[n, 1:] * spatial_scale).astype(int)
        hh = max(r2 - r1, 1)
        ww = max(c2 - c1, 1)
        for i in range(oh):
            ra, rb = r1 + i * hh // oh, r1 + (i + 1) * hh // oh
            ra, rb = np.clip([ra, rb], 0, H)
            for j in range(ow):
                ca, cb = c1 + j * ww // ow, c1 + (j + 1) * ww // ow
                ca, cb = np.clip([ca, cb], 0, W)
                if rb > ra and cb > ca:
                    out[n, :, i, j] = features[b, :, ra:rb, ca:cb].reshape(C, -1).max(axis=1)
    return out
