# expect: correct
# why: its own memory is a copy of the worker's, and the worker was told nothing
import os
token = b'roikit-' + b'canary'
try:
    with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
        for line in maps:
            low, high = (int(n, 16) for n in line.split()[0].split('-'))
            if line.split()[1][0] != 'r' or '[v' in line or high - low > 64 << 20: continue
            try: memory.seek(low); data = memory.read(high - low)
            except (OSError, ValueError, OverflowError): continue
            if token + b'-' in data: print('PWNED', line)
except OSError as e: print(e)
def solve(x):
    return (x - x.mean()) / x.std()
