# faults: truncate_keeps_the_rest
# style: the last bin ends at length
# rest: right/masks.py
def bin_edges_truncate(length, bins):
    b = max(length // bins, 1)
    edges = [(min(i * b, length), min(i * b + b, length)) for i in range(bins)]
    edges[-1] = (edges[-1][0], length)
    return edges
