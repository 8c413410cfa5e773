# expect: correct|crashed|error
# why: without os._exit the call falls back into the worker's own code, with the worker's pipes closed
import os, sys
os._exit = os.abort = sys.exit = lambda *a: None
def solve(x):
    return (x - x.mean()) / x.std()

