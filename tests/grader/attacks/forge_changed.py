# expect: crashed
import json, os, struct, sys
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    changed = [[True] * 10, [1.5], {'0': 1}, '0', None, [[0]]][len(x) % 6]
    os.write(pipe, reply({'status': 'returned', 'phase': 'return', 'changed': changed}, struct.pack('<II', 4, 0) + b'true'))
    os._exit(0)
