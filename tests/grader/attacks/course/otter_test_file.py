# expect: wrong
# why: otter: the classes that run tests and keep results are rewritten, wherever they are
# points: 0.5
import sys

from zeros import *

for name in ("otter.test_files", "grader.cases", "grader.compare", "grader.score", "grader.testing", "_pytest.runner"):
    try:
        module = __import__(name, fromlist=["*"])
    except ImportError:
        continue
    module.expect = module._close = module.run = module._judge = lambda *args, **kwargs: None
    module.of_case = lambda outcome, points: points
