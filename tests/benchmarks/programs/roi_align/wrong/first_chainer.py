# faults: still_quantized + one_sample + half_pixel_forgotten
# style: int crop, then one value in each bin
# rest: right/notebook.py
import numpy as np


def roi_align(features, rois, output_size, spatial_scale=1.0, sampling_ratio=2, aligned=True, mode="avg"):
    outh, outw = output_size
    top = np.zeros((len(rois), features.shape[1], outh, outw), dtype=features.dtype)
    for i_roi in range(len(rois)):
        idx = int(rois[i_roi, 0])
        xmin, ymin, xmax, ymax = np.floor(rois[i_roi, 1:] * spatial_scale)
        roi_h, roi_w = ymax - ymin, xmax - xmin
        if not aligned:
            roi_h, roi_w = max(roi_h, 1.0), max(roi_w, 1.0)
        if sampling_ratio <= 0 and (roi_h <= 0 or roi_w <= 0):
            continue
        for yy in range(outh):
            for xx in range(outw):
                y = ymin + (yy + 0.5) * roi_h / outh
                x = xmin + (xx + 0.5) * roi_w / outw
                top[i_roi, :, yy, xx] = bilinear_interpolate(features[idx], y, x)
    return top
