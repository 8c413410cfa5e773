# faults: x_and_y_swapped + batch_index_ignored
# style: first version of the layer, single image
# rest: right/generators.py
import numpy as np


def roi_pool(features, rois, output_size, spatial_scale):
    feature_map = features[0]
    maps = []
    for roi in rois[:, 1:]:
        ymin, xmin, ymax, xmax = quantize_roi(roi, spatial_scale)
        h, w = max(ymax - ymin, 1), max(xmax - xmin, 1)
        maps.append(
            pool_bins(
                feature_map,
                absolute(ymin, bin_edges(h, output_size[0])),
                absolute(xmin, bin_edges(w, output_size[1])),
            )
        )
    return np.array(maps, dtype=features.dtype).reshape(len(rois), features.shape[1], *output_size)
