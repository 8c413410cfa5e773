# faults: scale_forgotten
# style: everything in roi_align, spatial_scale never read
# rest: right/classes.py
import numpy as np


def box_on_map(box, spatial_scale, aligned):
    x1, y1, x2, y2 = map(float, box)
    if aligned:
        return y1 - 0.5, x1 - 0.5, y2 - y1, x2 - x1
    return y1, x1, max(y2 - y1, 1.0), max(x2 - x1, 1.0)


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for out_k, (index, *box) in zip(out, rois):
        y, x, h, w = box_on_map(box, spatial_scale, aligned)
        rows, columns = Span(y, h), Span(x, w)
        n = (sampling_ratio, sampling_ratio)
        if sampling_ratio <= 0:
            n = rows.adaptive(PH), columns.adaptive(PW)
        out_k[:] = sample_bins(features[int(index)], rows.points(PH, n[0]), columns.points(PW, n[1]), mode)
    return out
