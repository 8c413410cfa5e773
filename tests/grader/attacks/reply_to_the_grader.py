# expect: correct
# why: the frames of the worker are in sight, with the nonce; its descriptors are not in reach
import os, sys
f = sys._getframe()
while f:
    for name in ('reply', 'request', 'reading'):
        if isinstance(f.f_locals.get(name), int):
            try: os.write(f.f_locals[name], b'ROI1'); print('PWNED', name)
            except OSError: pass
    f = f.f_back
def solve(x):
    return (x - x.mean()) / x.std()

