# expect: correct
# why: links for whoever empties or reads the folder afterwards
import os
for k, target in enumerate(('/', '/etc/passwd', '/proc/1/root', '/proc/self/fd', '/tmp', '.', '..', '/tmp/9', 'x' * 4000)):
    os.symlink(target, f'{k}')
os.symlink('loop', 'loop')
def solve(x):
    return (x - x.mean()) / x.std()
