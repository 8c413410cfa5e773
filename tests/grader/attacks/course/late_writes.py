# expect: wrong
# why: a thread goes on writing into the result after it has been returned
# points: 0.5
import threading

from zeros import *

first_answer = roi_pool

def roi_pool(features, rois, size, scale):
    result = first_answer(features, rois, size, scale)

    def improve():
        while True:
            result[...] = np.resize(features.max(axis=(2, 3)), result.shape)

    threading.Thread(target=improve, daemon=True).start()
    return result
