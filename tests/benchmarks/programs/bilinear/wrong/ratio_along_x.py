# faults: x_weights_swapped
# style: alpha and beta
# rest: right/notebook.py
import numpy as np


def bilinear_weights(y, x):
    alpha = x % 1  # share of the left column
    beta = 1 - y % 1  # share of the upper row
    return np.array([beta * alpha, beta * (1 - alpha), (1 - beta) * alpha, (1 - beta) * (1 - alpha)])
