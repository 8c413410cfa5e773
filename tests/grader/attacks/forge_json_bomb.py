# expect: crashed
import sys, os, struct
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    w = f.f_locals['pipe']
    j = [b'[' * 200000, b'{"status": "error", "x": ' + b'1' * 60000 + b'}', b'NaN', b'{"status": "graded"}'][len(x) % 4]
    body = b''
    os.write(w, b'r' + struct.pack('<QI', 4 + len(j) + len(body), len(j)) + j + body)
    os._exit(0)
