# expect: crashed
import json, os, struct, sys
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    body = struct.pack('<II', 4, 0) + b'true' + b'a second answer'
    os.write(pipe, reply({'status': 'returned', 'phase': 'return', 'changed': []}, body))
    os._exit(0)
