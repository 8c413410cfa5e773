# expect: crashed
import os, struct, sys
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    os.write(pipe, b'r' + struct.pack('<Q', 1000) + b'x' * 500)
    os._exit(0)
