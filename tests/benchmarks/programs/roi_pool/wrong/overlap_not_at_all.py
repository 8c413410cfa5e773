# faults: overlap_disjoint + caffe_halves_to_even
# style: bin_edges_overlap calls bin_edges, round() for C's
# rest: right/functional.py
def bin_edges_overlap(length, bins):
    return bin_edges(length, bins)


def quantize_roi_caffe(roi, spatial_scale):
    x1, y1, x2, y2 = map(round, (float(v) * spatial_scale for v in roi))
    return x1, y1, x2 + 1, y2 + 1


def roi_pool_caffe(features, rois, output_size, spatial_scale):
    return layer(quantize_roi_caffe, bin_edges_overlap, features, rois, output_size, spatial_scale)
