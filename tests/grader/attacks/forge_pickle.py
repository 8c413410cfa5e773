# expect: crashed
# why: an array of objects is a pickle, and a pickle is a program
import json, os, pickle, struct, sys
class Run:
    def __reduce__(self): return exec, ("import builtins; builtins.PWNED = True",)
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    head = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"
    block = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(head)) + head + pickle.dumps([Run()])
    body = struct.pack('<II', 8, 1) + b'{"a": 0}' + struct.pack('<Q', len(block)) + block
    os.write(pipe, reply({'status': 'returned', 'phase': 'return', 'changed': []}, body))
    os._exit(0)
