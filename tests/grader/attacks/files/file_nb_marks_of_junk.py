# expect: correct
# kind: file ipynb
from making import GOOD, code, notebook


def build():
    marks = [{"nbgrader": 1}, {"nbgrader": {"grade": "yes", "grade_id": ["scale"]}}, [], None, "x",
             {"nbgrader": {"grade": 1, "solution": [], "points": 1e308, "grade_id": "<script>alert(1)</script>"}}]
    return notebook(code(GOOD), *[code("x = 1", metadata=one) for one in marks])
