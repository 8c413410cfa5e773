"""A PostgreSQL server of our own, for tests and benchmarks: on a socket in a folder of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest


def programs():
    """The folder of Debian's newest PostgreSQL, or of the one on the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    known = shutil.which("initdb")
    if not found and not known:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    return (found[-1] if found else Path(known)).parent


def somebody():
    """PostgreSQL does not run as root: the words that make a program another user's, and that user's ids."""
    if os.getuid() != 0:
        return [], os.getuid(), os.getgid()
    user = next(user for user in pwd.getpwall() if user.pw_name in ("postgres", "nobody"))
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *ids], user.pw_uid, user.pw_gid


@contextmanager
def running_server(fsync="off"):
    """Start it; yields the folder of its socket."""
    found, (as_other, uid, gid) = programs(), somebody()
    with tempfile.TemporaryDirectory(prefix="roikit-pg-", dir="/tmp") as place:  # short, for a socket's name
        os.chown(place, uid, gid)
        os.chmod(place, 0o755)

        def run(program, *arguments):
            command = [*as_other, str(found / program), "-D", f"{place}/data", *arguments]
            with open(os.devnull, "r+b") as nowhere:
                subprocess.run(command, cwd=place, check=True, stdin=nowhere, stdout=nowhere, timeout=120)

        run("initdb", "-A", "trust", "-U", "grader", "-E", "UTF8", "--no-sync")
        options = f"-k {place} -c listen_addresses='' -c fsync={fsync}"
        try:
            run("pg_ctl", "-l", f"{place}/log", "-w", "-t", "60", "-o", options, "start")
            yield place
        finally:
            if Path(place, "data", "postmaster.pid").exists():
                run("pg_ctl", "-m", "immediate", "-w", "stop")


def new_database(server, name="vision"):
    """Make an empty one, and return nbgrader's address of it."""
    with closing(psycopg.connect(host=server, user="grader", dbname="postgres", autocommit=True)) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    return db_url(server, name)


def db_url(server, database="vision"):
    return f"postgresql+psycopg://grader@/{database}?host={server}"
