# expect: correct
# why: a new program takes nothing along and throws nothing off
import os, subprocess, sys
text = """
import os
print(sorted(os.environ), os.getuid())
if os.path.exists('/proc/self/status'):
    status = dict(line.split(':', 1) for line in open('/proc/self/status'))
    if status['NoNewPrivs'].strip() != '1' or status['Seccomp'].strip() != '2': print('PWNED free of the filter')
    if int(status['CapEff'], 16) or int(status['CapPrm'], 16): print('PWNED rights')
if 'ROIKIT_SECRET' in os.environ: print('PWNED environment')
for fd in range(3, 256):
    try: os.fstat(fd); print('PWNED descriptor', fd)
    except OSError: pass
"""
try: print(subprocess.run([sys.executable, '-S', '-c', text], capture_output=True, text=True).stdout)
except OSError as e: print(e)
def solve(x):
    return (x - x.mean()) / x.std()
