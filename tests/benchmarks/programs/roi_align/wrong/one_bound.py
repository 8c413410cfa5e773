# faults: x_tested_against_height
# style: C port with one size in the test
# rest: right/c_like.py
from math import floor


def interpolate(data, height, width, y, x):
    for t in (y, x):
        if t < -1.0 or t > height:
            return 0.0
    y, x = min(max(y, 0.0), height - 1.0), min(max(x, 0.0), width - 1.0)
    y_low, x_low = floor(y), floor(x)
    y_high, x_high = min(y_low + 1, height - 1), min(x_low + 1, width - 1)
    ly, lx = y - y_low, x - x_low
    top = data[y_low * width + x_low] * (1 - lx) + data[y_low * width + x_high] * lx
    bottom = data[y_high * width + x_low] * (1 - lx) + data[y_high * width + x_high] * lx
    return top * (1 - ly) + bottom * ly
