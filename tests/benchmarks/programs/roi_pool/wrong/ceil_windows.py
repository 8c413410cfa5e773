# faults: larger_bins_first
# style: windows of ceil(n / P) cells until none are left
# rest: right/caffe_c.py
def bin_edges(length, bins):
    size = -(-length // bins)
    return [(min(p * size, length), min(p * size + size, length)) for p in range(bins)]
