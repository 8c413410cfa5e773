# expect: wrong
# why: walks the callers for an expected value
import sys
def solve(x):
    f = sys._getframe()
    while f:
        for name, value in {**f.f_globals, **f.f_locals}.items():
            if any(word in name.lower() for word in ('expect', 'reference', 'solution', 'answer_key')):
                print('PWNED', name); return value
        f = f.f_back
    return x
