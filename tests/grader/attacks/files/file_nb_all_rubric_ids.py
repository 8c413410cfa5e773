# expect: correct
# kind: file ipynb
# why: the student's cells take the course's names, three times over
from making import GOOD, code, notebook


def build():
    marks = [{"nbgrader": {"grade": False, "solution": True, "grade_id": name}} for name in ("scale", "span", "why")]
    return notebook(code(GOOD), *[code("x = 1", metadata=one) for one in marks * 3])
