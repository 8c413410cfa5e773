# faults: truncate_without_minimum
# style: the minimum forgotten
# rest: right/gather.py
def bin_edges_truncate(length, bins):
    b = length // bins
    return [(p * b, (p + 1) * b) for p in range(bins)]
