# faults: truncated_bins
# style: kernel and stride, as for a pooling layer
# rest: right/loops.py
def bin_edges(length, bins):
    stride = max(1, length // bins)
    kernel = stride
    edges = []
    for p in range(bins):
        begin = p * stride
        if begin >= length:
            edges.append((length, length))
        else:
            edges.append((begin, begin + kernel))
    return edges
