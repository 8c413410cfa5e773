# expect: correct
# why: every folder but the scratch folder must be read-only, those bubblewrap makes of tmpfs as well
import os
for r, ds, fs in os.walk('/'):
    if r.startswith(('/tmp', '/proc')) or r.count('/') > 5:
        ds[:] = []
        continue
    try:
        with open(os.path.join(r, '.wall'), 'w'): pass
        print('PWNED', r)
    except OSError: pass

def solve(x):
    return (x - x.mean()) / x.std()
