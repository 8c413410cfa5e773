# expect: crashed
# why: one block of 1 MiB, named 400 times: small on the way, large where it is read
import json, os, struct, sys
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    head = b"{'descr': '<f8', 'fortran_order': False, 'shape': (131072,), }\n"
    block = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + bytes(1 << 20)
    tree = json.dumps({'l': [{'a': 0}] * 400}).encode()
    body = struct.pack('<II', len(tree), 1) + tree + struct.pack('<Q', len(block)) + block
    data = reply({'status': 'returned', 'phase': 'return', 'changed': []}, body)
    while data: data = data[os.write(pipe, data):]
    os._exit(0)
