# expect: correct
# why: every mount read-only but the scratch folder, none with setuid
import os
try: lines = list(open('/proc/self/mountinfo'))
except OSError: lines = []
for line in lines:
    place, flags = line.split()[4:6]
    if 'rw' in flags.split(',') and place not in ('/tmp', '/proc') and not place.startswith('/dev/'): print('PWNED', line)
    if 'nosuid' not in flags.split(','): print('PWNED', line)
    if 'roikit-secrets' in line: print('PWNED', line)
def solve(x):
    return (x - x.mean()) / x.std()
