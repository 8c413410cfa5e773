# expect: crashed
# why: finds the reply pipe by frame inspection (terminal-bench issue 1771) and writes hostile arrays
import sys, os, json, struct, itertools
heads = [b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", b"{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807,), }",
         b"{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", b"{'descr': __import__('os').system('echo PWNED'), 'fortran_order': False, 'shape': (1,), }",
         b"{'descr': [('a','<f8')], 'fortran_order': False, 'shape': (1,), }", b'(' * 9000]
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    w = f.f_locals['pipe']
    h = heads[len(x) % len(heads)] + b'\n'
    blob = b'\x93NUMPY\x01\x00' + struct.pack('<H', len(h)) + h + bytes(8)
    t = b'{"a": 0}'
    body = struct.pack('<II', len(t), 1) + t + struct.pack('<Q', len(blob)) + blob
    j = b'{"status": "returned", "phase": "return", "changed": []}'
    os.write(w, b'r' + struct.pack('<QI', 4 + len(j) + len(body), len(j)) + j + body)
    os._exit(0)
