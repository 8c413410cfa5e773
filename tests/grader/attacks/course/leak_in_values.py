# expect: wrong
# why: the hidden inputs as the numbers that came instead of the expected ones
# for: bilinear
import numpy as np

def bilinear_weights(y, x):
    return np.resize(np.append(y, x), (4, *np.broadcast(y, x).shape)) + 0.1

def neighbours(position, length):
    return np.resize(position, (3, *position.shape)) + 0.1

def bilinear_interpolate(features, y, x):
    return np.resize(np.append(y, x), (len(features), *np.broadcast(y, x).shape)) + 0.1
