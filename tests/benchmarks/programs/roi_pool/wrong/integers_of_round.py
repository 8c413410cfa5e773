# faults: integer_output + halves_to_even
# style: "pixels are integers"
# rest: right/caffe_c.py
import numpy as np


def quantize_roi(roi, spatial_scale):
    return tuple(int(round(float(v) * spatial_scale)) for v in roi)


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    top = np.zeros((len(rois), features.shape[1], PH, PW), dtype=np.int32)
    for n in range(len(rois)):
        x1, y1, x2, y2 = quantize_roi(rois[n][1:], spatial_scale)
        rows = [(y1 + s, y1 + e) for s, e in bin_edges(max(y2 - y1, 1), PH)]
        columns = [(x1 + s, x1 + e) for s, e in bin_edges(max(x2 - x1, 1), PW)]
        top[n] = pool_bins(features[int(rois[n][0])], rows, columns)
    return top
