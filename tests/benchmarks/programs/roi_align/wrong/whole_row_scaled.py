# faults: image_number_scaled
# style: rois * spatial_scale, then unpacked
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    scaled = rois * spatial_scale
    PH, PW = output_size
    out = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for k, (image, *box) in enumerate(scaled):
        y, x, h, w = box_on_map(box, 1.0, aligned)
        ny, nx = sampling_ratio, sampling_ratio
        if sampling_ratio <= 0:
            ny, nx = (int(max(np.ceil(s / n), 0)) for s, n in ((h, PH), (w, PW)))
        out[k] = sample_bins(
            features[int(image)], sample_points(y, h, PH, ny), sample_points(x, w, PW, nx), mode
        )
    return out
