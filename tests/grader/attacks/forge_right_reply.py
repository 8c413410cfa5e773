# expect: correct
# why: a reply of one's own is worth what it says, no more
import json, os, struct, sys
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }\n" % len(x)
    block = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + ((x - x.mean()) / x.std()).tobytes()
    body = struct.pack('<II', 8, 1) + b'{"a": 0}' + struct.pack('<Q', len(block)) + block
    os.write(pipe, reply({'status': 'returned', 'phase': 'return', 'changed': []}, body))
    os._exit(0)
