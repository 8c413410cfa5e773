# expect: output_limit|crashed|timeout
# why: a length that no integer of the other side may overflow at
import os, struct, sys
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    os.write(f.f_locals['pipe'], b'r' + struct.pack('<Q', [2**64 - 1, 2**63, 2**40][len(x) % 3]) + b'x' * 100)
    while True: pass
