# expect: correct
import builtins, sys
class Hook:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('grader', 'roikit', 'pytest'): print('PWNED', name)
sys.meta_path.insert(0, Hook())
old = builtins.__import__
builtins.__import__ = lambda *a, **k: old(*a, **k)
def solve(x):
    return (x - x.mean()) / x.std()
