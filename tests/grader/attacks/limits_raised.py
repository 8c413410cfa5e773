# expect: correct
import resource
for name in ('AS', 'CPU', 'NPROC', 'FSIZE', 'NOFILE', 'CORE'):
    try:
        resource.setrlimit(getattr(resource, 'RLIMIT_' + name), (resource.RLIM_INFINITY,) * 2)
        print('PWNED', name)
    except (ValueError, OSError): pass
def solve(x):
    return (x - x.mean()) / x.std()

