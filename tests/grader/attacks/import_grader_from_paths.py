# expect: correct
# why: looks for the grader's package, its tests and other people's packages on every path it can think of
import importlib, os, sys
for folder in [*sys.path, '/box', '/packages', os.path.dirname(os.__file__) + '/site-packages', os.getcwd()]:
    sys.path.insert(0, folder)
    for name in ('roikit', 'grader', 'assignments', 'pytest', 'nbgrader', 'pip', 'setuptools', 'test_hidden'):
        try: importlib.import_module(name); print('PWNED', folder, name)
        except ImportError: pass

def solve(x):
    return (x - x.mean()) / x.std()
