# faults: last_bin_takes_the_rest
# style: the Keras layer, "if last: end = length"
# rest: right/loops.py
def bin_edges(length, bins):
    step = length // bins
    edges = []
    for p in range(bins):
        start = p * step
        end = start + step if p + 1 != bins else length
        edges.append((start, end))
    return edges
