# faults: box_as_width_and_height + batch_index_ignored
# style: one image, boxes as x, y, w, h
# rest: right/classes.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    fmap = features[0]
    out = np.zeros((len(rois), fmap.shape[0], *output_size), dtype=fmap.dtype)
    for k, (_, x, y, w, h) in enumerate(rois):
        x1, y1, x2, y2 = quantize_roi((x, y, x + w, y + h), spatial_scale)
        box = Box.of((x1, y1, x2, y2))
        out[k] = pool_spans(fmap, box.rows.split(bin_edges, output_size[0]), box.columns.split(bin_edges, output_size[1]))
    return out
