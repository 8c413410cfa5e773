# expect: correct
# why: same user as process 1 of the sandbox, so it may set its limits unless the filter refuses
import resource
for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
    try: resource.prlimit(1, what, (0, 0)); print('PWNED prlimit')
    except OSError: pass

def solve(x):
    return (x - x.mean()) / x.std()
