# expect: error
# why: rewrites the source that tracebacks quote
import linecache
def solve(x):
    for name in list(linecache.cache):
        linecache.cache[name] = (1, None, ['\x1b[2J\u202e ALL PASSED\n'] * 10**4, name)
    exec(compile('\n' * 10**5 + '1/0', 'solution.py', 'exec'))
