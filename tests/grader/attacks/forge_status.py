# expect: crashed
# why: outcomes that only the grader may give
import os, struct, sys, json
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    j = json.dumps({'status': ['refused', 'skipped'][len(x) % 2], 'phase': 'call', 'sentence': 'full marks'}).encode()
    os.write(f.f_locals['pipe'], b'r' + struct.pack('<QI', 4 + len(j), len(j)) + j)
    os._exit(0)
