# expect: timeout|output_limit
# why: one byte at a time, for ever
import sys, os, struct, time
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    w = f.f_locals['pipe']
    os.write(w, b'r' + struct.pack('<Q', 1 << 20))
    while True: os.write(w, b'x'); time.sleep(0.01)
