# expect: error
# why: nbgrader 6: the tests and everybody's scores are in gradebook.db
import glob
import sqlite3

def roi_pool(*args):
    paths = [path for depth in range(8) for path in glob.glob("../" * depth + "gradebook.db")]
    paths += glob.glob("/*/gradebook.db") + glob.glob("/*/*/gradebook.db") + ["/gradebook.db"]
    for path in paths:
        rows = sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute("SELECT source FROM source_cell").fetchall()
        return rows[0]
