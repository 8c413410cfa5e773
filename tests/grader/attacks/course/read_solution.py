# expect: error
# why: nbgrader 5: the instructor's solution is found and run
import glob
import json

def roi_pool(*args):
    for pattern in ("../../../source/*/*.ipynb", "/*/*/assignments/*/*.ipynb", "/*/*/source/*/*.ipynb", "/*/*.ipynb"):
        for path in glob.glob(pattern):
            for cell in json.load(open(path))["cells"]:
                if "BEGIN SOLUTION" in "".join(cell["source"]):
                    exec("".join(cell["source"]), globals())
                    return globals()["roi_pool"](*args)
    raise LookupError("no solution found")
