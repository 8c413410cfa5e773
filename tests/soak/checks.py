"""What must hold at any moment of a class that is graded, and at its end."""

import csv
import io
import itertools
import json
import os
import re
import select
import shutil
import sqlite3
import sys
from contextlib import closing


# ------------------------------------------------------------------ what must hold at any moment
def watch(output, count):
    """Read ``results.json`` again and again until stdin ends: it is not there, or it is whole."""
    path, seen, bad = output / "results.json", set(), []
    while not select.select([sys.stdin], [], [], 0.005)[0]:
        try:
            with open(path, "rb") as file:
                stamp = os.fstat(file.fileno())
                if (stamp.st_ino, stamp.st_mtime_ns, stamp.st_size) in seen:
                    continue
                text = file.read()
        except FileNotFoundError:
            continue
        seen.add((stamp.st_ino, stamp.st_mtime_ns, stamp.st_size))
        try:
            whole_class(json.loads(text), count)
        except (ValueError, AssertionError) as problem:
            bad.append(str(problem))
    print(json.dumps({"versions": len(seen), "bad": bad}))


def whole_class(results, count):
    """Nobody missing, nobody twice, nobody without a grade; no zero but for those who deserve it."""
    names = [entry["student"] for entry in results["submissions"]]
    assert names == sorted(set(names)), "a student is there twice"
    assert len(names) == count, f"{len(names)} of {count} students"
    assert results["complete"], "not complete"
    for entry in results["submissions"]:
        kind = entry["student"].split("-", 1)[1]
        is_zero = kind in ("syntax", "exits", "no-notebook", "nul")
        assert entry["score"] is not None, f"{entry['student']} is not graded"
        assert (entry["score"] == 0) == is_zero, f"{entry['student']} has {entry['score']}"


def check_gradebook(output, copy, count):
    """As a kill left it, with SQLite's own journal beside it: sound, and all of the scores or none."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in output.glob("gradebook.db*"):
        shutil.copy(path, copy)
    if not (copy / "gradebook.db").exists():
        return
    with closing(sqlite3.connect(copy / "gradebook.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
        if "submitted_notebook" in tables:
            (graded,) = database.execute("SELECT count(*) FROM submitted_notebook").fetchone()
            assert graded in (0, count), f"{graded} of {count} students in the gradebook"


def check_files(folder):
    """Every file that a reader could open is whole; those with a dot are still being written."""
    for path in folder.rglob("[!.]*"):
        text = path.read_text(encoding="utf-8") if path.suffix in WHOLE and path.is_file() else None
        if text is not None:
            assert WHOLE[path.suffix](text), f"{path.relative_to(folder)} is not whole: ...{text[-60:]!r}"


def _is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _is_table(text):
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return text.endswith("\n") and all(len(row) == len(rows[0]) for row in rows)


WHOLE = {
    ".html": lambda text: text.rstrip().endswith("</html>"), ".json": _is_json, ".ipynb": _is_json,
    ".csv": _is_table,
}  # fmt: skip


def journal_keys(output):
    """The key of every job."""
    path = output / "journal.jsonl"
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    found = map(json.loads, lines)
    return [line["job"]["key"] for line in found if "job" in line]


# ------------------------------------------------------------------ the same as an unbroken run
TIMES = re.compile(
    r'"(started|finished|seconds)": [^,\n]+|\d+ \w+ \d{4}, \d\d:\d\d UTC|(?s:<h2>Slowest</h2>.*?</p>)|'
    r"\d+(\.\d+)? (ms|s|min)\b"
)


def contents(output):
    """Every file below a folder of results, by its name, without times; the database as its dump."""
    found = {}
    for path in sorted(output.rglob("*")):
        name = str(path.relative_to(output))
        if path.name == "gradebook.db":
            with closing(sqlite3.connect(path)) as database:
                found[name] = "\n".join(database.iterdump())
        elif path.name == "journal.jsonl":
            found[name] = sorted(journal_keys(output))
        elif path.is_file():
            found[name] = TIMES.sub("TIME", path.read_text(encoding="utf-8"))
    return found


def assert_same(one, other):
    assert set(one) == set(other), f"files: {sorted(set(one) ^ set(other))[:10]}"
    for name, text in one.items():
        if text != other[name]:
            pairs = itertools.zip_longest(str(text).split("\n"), str(other[name]).split("\n"))
            line = next(pair for pair in pairs if pair[0] != pair[1])
            raise AssertionError(f"{name}: {line[0]!r:.300} is {line[1]!r:.300} in the unbroken run")


