# expect: correct
# why: what the worker is told: a function's name and a seed, no test and no student
import sys
f, seen = sys._getframe(), {}
while f: seen.update(f.f_locals); f = f.f_back
head = seen.get('call') if isinstance(seen.get('call'), dict) else seen.get('head', {})
if set(head) - {'function', 'seed'}: print('PWNED', sorted(head))
if set(seen.get('setup', {})) & {'expected', 'tests', 'points', 'student', 'assignment'}: print('PWNED', sorted(seen['setup']))
def solve(x):
    return (x - x.mean()) / x.std()
