# expect: correct
import os
try: status = dict(line.split(':', 1) for line in open('/proc/self/status'))
except OSError: status = None
if status:
    for name in ('CapEff', 'CapPrm', 'CapInh', 'CapAmb'):
        if int(status[name], 16): print('PWNED', name, status[name])
    if status['NoNewPrivs'].strip() != '1': print('PWNED new privileges')
    if status['Seccomp'].strip() != '2': print('PWNED no filter')
    if '0' in status['Uid'].split() or '0' in status['Gid'].split(): print('PWNED root')
if 0 in os.getresuid() + os.getresgid() or 0 in os.getgroups(): print('PWNED root')

def solve(x):
    return (x - x.mean()) / x.std()
