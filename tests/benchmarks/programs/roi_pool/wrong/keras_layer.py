# faults: width_quantized + last_bin_takes_the_rest
# style: the Keras layer, row_length and col_length
# rest: right/padded.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    outputs = np.zeros((len(rois), features.shape[1], output_size[0], output_size[1]), dtype=features.dtype)
    for roi_idx in range(len(rois)):
        x, y = quantize_roi(rois[roi_idx, 1:], spatial_scale)[:2]
        w = int(np.floor((rois[roi_idx, 3] - rois[roi_idx, 1]) * spatial_scale))
        h = int(np.floor((rois[roi_idx, 4] - rois[roi_idx, 2]) * spatial_scale))
        w, h = max(w, 1), max(h, 1)
        row_length, col_length = h // output_size[0], w // output_size[1]
        rows, cols = [], []
        for jy in range(output_size[0]):
            rows.append([y + jy * row_length, y + (jy + 1) * row_length])
        for ix in range(output_size[1]):
            cols.append([x + ix * col_length, x + (ix + 1) * col_length])
        rows[-1][1] = y + h
        cols[-1][1] = x + w
        outputs[roi_idx] = pool_bins(features[int(rois[roi_idx, 0])], rows, cols)
    return outputs
