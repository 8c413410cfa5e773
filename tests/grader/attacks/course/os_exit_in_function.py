# expect: crashed
# why: nbgrader 12: the same, past every handler
import os

def roi_pool_caffe(*args):
    os._exit(0)
