# faults: ends_of_each_bin
# style: list comprehension of linspaces
# rest: right/notebook.py
import numpy as np


def sample_points(start, size, bins, sampling_ratio):
    edges = [start + size * p / bins for p in range(bins + 1)]
    points = [np.linspace(a, b, sampling_ratio) for a, b in zip(edges[:-1], edges[1:])]
    return np.array(points).reshape(bins, sampling_ratio)
