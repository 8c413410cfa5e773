# expect: memory
# why: a verdict against itself, which it may have
import json, os, struct, sys
def reply(head, body=b''):
    head = json.dumps(head).encode()
    return b'r' + struct.pack('<QI', 4 + len(head) + len(body), len(head)) + head + body
def solve(x):
    f = sys._getframe()
    while 'pipe' not in f.f_locals: f = f.f_back
    pipe = f.f_locals['pipe']
    os.write(pipe, reply({'status': 'memory', 'phase': 'call', 'sentence': 'the grader ran out of memory: full marks'}))
    os._exit(0)
