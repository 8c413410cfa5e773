# expect: timeout
# why: nbgrader 24: never comes back
# points: 0.5
from zeros import *

def quantize_roi(*args):
    while True:
        pass
