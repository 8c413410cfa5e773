# faults: overlapping_bins + caffe_disjoint_bins
# style: both layers with each other's bins
# rest: right/slices.py
def roi_pool(features, rois, output_size, spatial_scale):
    return pool_with(features, rois, output_size, spatial_scale, quantize_roi, bin_edges_overlap)


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return pool_with(features, rois, output_size, spatial_scale, quantize_roi_caffe, bin_edges)
