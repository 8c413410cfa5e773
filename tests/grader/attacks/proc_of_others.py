# expect: correct
import glob, os
for path in glob.glob('/proc/[0-9]*/cmdline') + glob.glob('/proc/[0-9]*/task/[0-9]*/environ'):
    pid = path.split('/')[2]
    if pid not in ('1', str(os.getppid()), str(os.getpid())): print('PWNED another process', pid)
for name in ('kcore', 'kmsg', 'keys', 'kallsyms', 'timer_list', 'sched_debug', 'vmallocinfo', 'iomem', 'kpagecount'):
    try:
        if open(f'/proc/{name}', 'rb').read(100) and name in ('kcore', 'kmsg', 'kpagecount'): print('PWNED', name)
    except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
