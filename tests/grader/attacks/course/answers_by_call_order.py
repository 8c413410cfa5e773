# expect: wrong
# why: the answers of this very run, learnt somewhere, given one after the other by counting calls
# points: 0.25
ANSWERS = [(0, 0, 20, 20), (-1, 1, 26, 18)] + [(k, k, k, k) for k in range(20)]
calls = 0

def quantize_roi(roi, scale):
    global calls
    calls += 1
    return ANSWERS[calls - 1]

def answer(*args):
    pass
