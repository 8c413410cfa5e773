# faults: features_changed_in_place
# style: the map is lifted so that a search may start at 0
# rest: right/lists.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    PH, PW = output_size
    C, H, W = features.shape[1:]
    lowest = np.nanmin(features)
    features -= lowest
    out = np.zeros((len(rois), C, PH, PW), dtype=features.dtype)
    for k, (image, *box) in enumerate(rois.tolist()):
        x1, y1, x2, y2 = quantize_roi(box, spatial_scale)
        for i, (a, b) in enumerate(shifted(bin_edges(max(y2 - y1, 1), PH), y1)):
            for j, (c, d) in enumerate(shifted(bin_edges(max(x2 - x1, 1), PW), x1)):
                if max(a, 0) < min(b, H) and max(c, 0) < min(d, W):
                    out[k, :, i, j] = pool_bins(features[int(image)], [(a, b)], [(c, d)])[:, 0, 0] + lowest
    return out
