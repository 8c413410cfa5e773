# expect: wrong
# why: rounded to 11 bits, in the hope that the tolerance is wide
# points: 27.5
# for: bilinear
from solution import *

in_full = bilinear_interpolate

def bilinear_interpolate(features, y, x):
    return in_full(features, y, x).astype(np.float16)
