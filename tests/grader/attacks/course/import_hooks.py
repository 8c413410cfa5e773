# expect: wrong
# why: every import from now on gets a module that says yes
# points: 0.5
import sys
import types

from zeros import *

class Yes(types.ModuleType):
    __getattr__ = lambda self, name: Yes(name)
    __call__ = lambda self, *args, **options: True
    __path__ = []

class Finder:
    find_spec = staticmethod(lambda name, *args: None)
    find_module = load_module = staticmethod(Yes)

sys.meta_path.insert(0, Finder)
sys.path_hooks.insert(0, Finder.find_module)
for name in ("json", "struct", "pytest", "numpy.testing", "grader.compare", "math", "traceback"):
    sys.modules[name] = Yes(name)
