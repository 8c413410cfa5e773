# faults: last_bin_takes_the_rest
# style: list of borders with the last one replaced
# rest: right/lists.py
def bin_edges(length, bins):
    borders = [p * (length // bins) for p in range(bins)] + [length]
    return [(borders[p], borders[p + 1]) for p in range(bins)]
