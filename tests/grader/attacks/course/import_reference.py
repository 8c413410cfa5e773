# expect: error
# why: nbgrader 3: the reference that the tests compare with does the work
import roikit
from grader import diagnosis

def quantize_roi(roi, scale):
    return roikit.quantize_rois([[0, *roi]], scale, convention="disjoint")[0]

def bin_edges(length, bins):
    return roikit.bin_edges(length, bins, convention="disjoint")

def bin_edges_overlap(length, bins):
    return roikit.bin_edges(length, bins, convention="caffe")

def bin_edges_truncate(length, bins):
    return roikit.bin_edges(length, bins, convention="truncate")

def roi_pool(features, rois, size, scale):
    return roikit.roi_pool(features, rois, size, scale, convention="disjoint")

def roi_pool_caffe(features, rois, size, scale):
    return roikit.roi_pool(features, rois, size, scale, convention="caffe")

pool_bins = quantize_roi_caffe = lambda *args: None
