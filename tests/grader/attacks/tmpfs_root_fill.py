# expect: error
# why: what bubblewrap makes of tmpfs is as large as half of the machine's memory
import os
def solve(x):
    for folder in ('/', '/dev', '/etc', '/run', '/var', '/packages', '/dev/shm', '/usr', '/lib', os.path.dirname(os.__file__)):
        try:
            with open(folder + '/fill', 'wb') as f: f.write(bytes(4 << 20))
            print('PWNED', folder)
            return (x - x.mean()) / x.std()
        except OSError: pass
    raise OSError('nothing writable')
