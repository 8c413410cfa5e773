# faults: truncated_bins
# style: step of whole cells
# rest: right/recursive.py
def bin_edges(length, bins):
    step = max(length // bins, 1)
    edges = []
    for p in range(bins):
        edges.append((min(p * step, length), min((p + 1) * step, length)))
    return edges
