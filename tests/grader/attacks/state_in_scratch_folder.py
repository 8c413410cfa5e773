# expect: correct
# why: the folder is emptied, but it has a mode and attributes of its own
import os
here = os.stat('.')
if here.st_mode & 0o7777 not in (0o1777, 0o700): print('PWNED state in the mode', oct(here.st_mode))
try:
    if os.listxattr('.'): print('PWNED state in the attributes', os.listxattr('.'))
except OSError: pass
if os.listdir('.'): print('PWNED', os.listdir('.'))
def solve(x):
    for f in (lambda: os.setxattr('.', 'user.memo', b'1' * 100), lambda: os.chmod('.', 0o1767)):
        try: f()
        except OSError: pass
    return (x - x.mean()) / x.std()
