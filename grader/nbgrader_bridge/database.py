"""nbgrader's database, SQLite or PostgreSQL: opened through nbgrader's own API, locked while it is written.

A transaction here is the only one of its kind: whoever else writes waits, so that what was read stays true
until it is written back, and whoever reads sees the old gradebook or the new one.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError
from grader.report.files import remove_unfinished, written_aside
from grader.sandbox.text import clean_line

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

#: jsonschema builds its parser, which takes longer than all of nbgrader, for a check no notebook asks for.
_ADDRESS_GRAMMAR = "rfc3987_syntax"
#: How long another program's writing is waited for.
BUSY_SECONDS = 10
_BUSY = "another program is writing to it (the formgrader?); when it is done, run this again"
#: PostgreSQL's name for the lock that writers of one gradebook hand to each other.
_WRITERS_LOCK = 0x726F696B6974
#: How SQLite and PostgreSQL say that they waited long enough.
_LOCKED = ("is locked", "lock timeout", "deadlock detected")


class Busy(GraderError):
    """Another program writes to the gradebook."""


@dataclass(frozen=True)
class Place:
    """Where a gradebook is: an SQLite file, or a database behind a server."""

    url: URL
    path: Path | None  # of an SQLite file

    @classmethod
    def of_file(cls, path: str | Path) -> Place:
        from sqlalchemy.engine import URL

        path = Path(path).resolve()
        return cls(URL.create("sqlite", database=str(path)), path)

    @classmethod
    def of_url(cls, text: str) -> Place:
        """nbgrader's ``db_url``."""
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            url = make_url(text)
        except ArgumentError:
            raise GraderError("db_url is no address of a database") from None
        kind = url.get_backend_name()
        if kind == "sqlite" and url.database not in (None, "", ":memory:"):
            return cls.of_file(url.database)
        if kind != "postgresql":
            raise GraderError(f"db_url: a gradebook is an SQLite file or a PostgreSQL database, not {kind}")
        return cls(url, None)

    @property
    def name(self) -> str:
        """For sentences; no password."""
        return self.path.name if self.path else self.url.render_as_string(hide_password=True)

    @property
    def is_there(self) -> bool:
        """An empty file is no gradebook yet; a server is asked."""
        if self.path is None:
            return True
        return self.path.exists() and (not self.path.is_file() or self.path.stat().st_size > 0)


class Database:
    """An open gradebook: nbgrader's ``api`` and ``gradebook``, and the way to lock it."""

    def __init__(self, api: Any, gradebook: Any, seconds: float, name: str) -> None:
        self.api, self.gradebook, self.session = api, gradebook, gradebook.db
        self._seconds, self._name = seconds, name

    @contextmanager
    def locked(self) -> Iterator[None]:
        """A transaction, which the body commits; its failures become one sentence."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            self._lock()
            yield
        except SQLAlchemyError as error:
            raise _failure(error, self._name) from error
        finally:
            self.session.rollback()  # of what is not committed
            self.session.expunge_all()

    def _lock(self) -> None:
        from sqlalchemy import text

        if self.gradebook.engine.dialect.name == "sqlite":
            self.session.execute(text("BEGIN IMMEDIATE"))
            self.session.execute(text("UPDATE course SET id = id WHERE 0"))  # where nothing can be written
        else:
            self.session.execute(text(f"SET LOCAL lock_timeout = '{int(self._seconds * 1000)}ms'"))
            self.session.execute(text(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})"))


def nbgrader_api() -> Any:
    try:
        with _without(_ADDRESS_GRAMMAR):
            import nbgrader.api
    except ImportError as error:
        raise GraderError("a gradebook.db needs nbgrader: pip install 'roikit[nbgrader]'") from error
    return nbgrader.api


@contextmanager
def _without(module: str) -> Iterator[None]:
    """As if it were not installed, for what is imported meanwhile and can do without."""
    is_blocked = module not in sys.modules
    if is_blocked:
        sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if is_blocked:
            del sys.modules[module]


@contextmanager
def for_writing(place: Place, course_id: str = "default_course") -> Iterator[Database]:
    """The gradebook, open, to be locked; a new one is made aside until it is whole."""
    if place.path is None or place.is_there:
        with opened(place, BUSY_SECONDS, course_id) as database:
            yield database
        return
    place.path.parent.mkdir(parents=True, exist_ok=True)
    remove_unfinished(place.path.parent)
    with (
        written_aside(place.path) as aside,
        opened(Place.of_file(aside), BUSY_SECONDS, course_id, place.name) as database,
    ):
        yield database


@contextmanager
def opened(
    place: Place, seconds: float, course_id: str = "default_course", name: str = ""
) -> Iterator[Database]:
    """Open a gradebook, which waits `seconds` for locks; its failures become one sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    api = nbgrader_api()
    url = place.url if place.path is None else place.url.update_query_dict({"timeout": str(seconds)})
    try:
        with _scripts_on_path():
            gradebook = api.Gradebook(url, course_id)
        with gradebook:
            yield Database(api, gradebook, seconds, name or place.name)
    except SQLAlchemyError as error:
        raise _failure(error, name or place.name) from error
    except ModuleNotFoundError as error:  # the driver that the address asks for
        raise GraderError(
            f"{place.name} needs the package {error.name}: pip install 'roikit[postgresql]'"
        ) from error


def _failure(error: Any, name: str) -> GraderError:
    reason = clean_line(str(getattr(error, "orig", None) or error))
    if any(said in reason for said in _LOCKED):
        return Busy(f"{name} cannot be written: {_BUSY}")
    remedy = "; run `nbgrader db upgrade` there" if "no such" in reason or "does not exist" in reason else ""
    return GraderError(f"{name} cannot be written: {reason}{remedy}")


@contextmanager
def _scripts_on_path() -> Iterator[None]:
    # A new gradebook asks the program `alembic` for the schema's version, which the PATH need not know.
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join((sysconfig.get_path("scripts"), before))
    try:
        yield
    finally:
        os.environ["PATH"] = before
