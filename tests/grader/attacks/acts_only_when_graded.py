# expect: correct
# why: tells grading from home by the environment, the arguments and the modules that are loaded
import os, sys
for name in os.environ:
    if name.split('_')[0] in ('NBGRADER', 'ROIKIT', 'PYTEST', 'CI', 'GITHUB', 'JUPYTER', 'SUDO', 'USER', 'LOGNAME'): print('PWNED', name)
if len(sys.argv) > 1 or sys.orig_argv[-1:] == ['serve']: print('PWNED', sys.argv)
for name in ('pytest', 'grader', 'nbgrader', 'IPython', 'numpy.testing'):
    if name in sys.modules: print('PWNED', name)
def solve(x):
    return (x - x.mean()) / x.std()
