"""``--dask ADDRESS``, read: a scheduler's address, or a number of workers of our own."""

from __future__ import annotations

import re

from grader.errors import GraderError

_HOST = r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?"
_SCHEDULER = re.compile(rf"(?:tcp|tls)://(?:{_HOST}):([0-9]{{1,5}})")
_LOCAL = re.compile(r"local:([0-9]{1,3})")
#: Workers of our own.
MOST = 512


def checked(text: str) -> str:
    """The address as it stands; GraderError with one sentence where it is none."""
    found = _SCHEDULER.fullmatch(text)
    if found is not None and 1 <= int(found[1]) <= 65535:
        return text
    if _LOCAL.fullmatch(text) and 1 <= own_workers(text) <= MOST:
        return text
    known = f"tcp://HOST:PORT, tls://HOST:PORT or local:N, N from 1 to {MOST}"
    raise GraderError(f"must be {known}, got {text!r}")


def own_workers(address: str) -> int:
    """N of ``local:N``; 0 for a scheduler's address."""
    found = _LOCAL.fullmatch(address)
    return int(found[1]) if found else 0
