# faults: overlap_starts_rounded_up
# style: the ceiling for both
# rest: right/fractions_exact.py
def bin_edges_overlap(length, bins):
    ceil = lambda a, b: -(-a // b)
    return [(ceil(p * length, bins), ceil((p + 1) * length, bins)) for p in range(bins)]
