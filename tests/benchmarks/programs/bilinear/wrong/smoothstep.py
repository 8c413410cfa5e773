# faults: none
# style: fractions eased by 3t² - 2t³ before they weight
# rest: right/notebook.py
import numpy as np


def ease(t):
    return t * t * (3 - 2 * t)


def bilinear_weights(y, x):
    v, u = ease(y - np.floor(y)), ease(x - np.floor(x))
    return np.array([(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u])
