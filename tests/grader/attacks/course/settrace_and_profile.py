# expect: wrong
# why: a trace function follows everything that is called from now on, and changes what it sees
# points: 0.5
import sys
import threading

from zeros import *

def trace(frame, event, arg):
    for name in ("expected", "actual", "value", "status", "outcome"):
        if name in frame.f_locals:
            frame.f_locals[name] = 0
    return trace

sys.settrace(trace)
sys.setprofile(trace)
threading.settrace(trace)
