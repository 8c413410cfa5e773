# expect: crashed|wrong
# why: a second reply behind the first, ready for the next question
import os, struct, sys, json
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    j = json.dumps({'status': 'returned', 'phase': 'return', 'changed': []}).encode()
    body = struct.pack('<II', 4, 0) + b'true'
    one = b'r' + struct.pack('<QI', 4 + len(j) + len(body), len(j)) + j + body
    os.write(f.f_locals['pipe'], one * 3)
    os._exit(0)
