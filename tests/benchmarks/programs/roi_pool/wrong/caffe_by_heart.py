# faults: halves_to_even + inclusive_ends + overlapping_bins
# style: Caffe's layer as one remembers it in Python
# rest: right/gather.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    height, width = features.shape[2:]
    top = np.zeros((len(rois), features.shape[1], PH, PW), dtype=features.dtype)
    for n, roi in enumerate(rois):
        start_w, start_h, end_w, end_h = (int(round(float(v) * spatial_scale)) for v in roi[1:])
        roi_height = max(end_h - start_h + 1, 1)
        roi_width = max(end_w - start_w + 1, 1)
        for ph in range(PH):
            hstart = min(max(ph * roi_height // PH + start_h, 0), height)
            hend = min(max(((ph + 1) * roi_height + PH - 1) // PH + start_h, 0), height)
            for pw in range(PW):
                wstart = min(max(pw * roi_width // PW + start_w, 0), width)
                wend = min(max(((pw + 1) * roi_width + PW - 1) // PW + start_w, 0), width)
                if hend > hstart and wend > wstart:
                    top[n, :, ph, pw] = features[int(roi[0]), :, hstart:hend, wstart:wend].max(axis=(1, 2))
    return top
