# expect: correct
# why: upwards from every folder that it has or can open
import os
opened = []
for fd in range(256):
    try: os.listdir(f'/proc/self/fd/{fd}'); opened.append(os.open(f'/proc/self/fd/{fd}', os.O_PATH))
    except OSError: pass
for place in ('.', '/', '/tmp', '/usr/lib', '/proc/self/root', '/proc/self/cwd', '/proc/1/root', os.path.dirname(os.__file__)):
    try: opened.append(os.open(place, os.O_PATH))
    except OSError: pass
for fd in opened:
    for _ in range(40):
        for name in ('etc/shadow', 'etc/passwd', 'root/.bashrc', '.git', '.netrc', 'gradebook.db', 'pyproject.toml'):
            try: os.stat(name, dir_fd=fd); print('PWNED', name)
            except OSError: pass
        try: fd = os.open('..', os.O_PATH, dir_fd=fd)
        except OSError: break
def solve(x):
    return (x - x.mean()) / x.std()
