# faults: nearest_ends + inclusive_ends + overlapping_bins
# style: roi_pool is Caffe's layer
# rest: right/by_the_notebook.py
def roi_pool(features, rois, output_size, spatial_scale):
    return roi_pool_caffe(features, rois, output_size, spatial_scale)
