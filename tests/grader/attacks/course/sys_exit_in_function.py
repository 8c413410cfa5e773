# expect: crashed
# why: nbgrader 11: the process ends with success before anything is compared
import sys

def roi_pool_caffe(*args):
    sys.exit(0)
