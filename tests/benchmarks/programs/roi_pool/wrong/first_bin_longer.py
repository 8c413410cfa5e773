# faults: remainder_to_first_bin
# style: divmod, the rest goes to the first
# rest: right/scatter.py
def bin_edges(length, bins):
    size, rest = divmod(length, bins)
    sizes = [size + rest] + [size] * (bins - 1)
    edges, at = [], 0
    for s in sizes:
        edges.append((at, at + s))
        at += s
    return edges
