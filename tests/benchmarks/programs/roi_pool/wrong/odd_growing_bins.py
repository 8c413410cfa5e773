# faults: none
# style: bins that grow like squares
# rest: right/recursive.py
def bin_edges(length, bins):
    border = lambda p: length * p * p // (bins * bins)
    return [(border(p), border(p + 1)) for p in range(bins)]
