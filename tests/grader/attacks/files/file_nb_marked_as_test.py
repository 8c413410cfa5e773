# expect: error
# kind: file ipynb
# why: what is marked as one of the course's tests is never run
from making import GOOD, code, notebook


def build():
    marks = {"nbgrader": {"grade": True, "solution": False, "grade_id": "scale"}}
    return notebook(code(GOOD, metadata=marks))
