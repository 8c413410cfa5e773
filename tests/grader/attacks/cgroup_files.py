# expect: correct
# why: the group that holds its memory and its processes
import glob, os
paths = ['/sys/fs/cgroup', '/sys/fs/cgroup/memory', '/sys/fs/cgroup/pids', '/sys/fs/cgroup/memory/roikit', '/sys/fs/cgroup/roikit']
try: paths += ['/sys/fs/cgroup' + line.strip().split(':', 2)[2] for line in open('/proc/self/cgroup')]
except OSError: pass
for path in paths:
    for name in ('cgroup.procs', 'tasks', 'memory.max', 'memory.limit_in_bytes', 'pids.max', 'release_agent', 'notify_on_release', 'cgroup.kill', 'cgroup.subtree_control'):
        try: open(f'{path}/{name}', 'w').close(); print('PWNED', path, name)
        except OSError: pass
    try: os.mkdir(f'{path}/mine'); print('PWNED', path)
    except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
