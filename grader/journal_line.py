"""One line of the journal: what it holds, and a checksum of that.

::

    {"roikit-journal":1,"sha256":"...","artifact":{"sha256":"...","packed":"..."}}
    {"roikit-journal":1,"sha256":"...","job":{"key":"...","plan":"...","assignment":"roi_pool","seed":5,
     "student":"ada","outcome":"correct","score":40.0,"result":"...","artifacts":["..."]}}

An artifact is a picture, named by the hash of its text; many students' wrong results draw the same one. A
job's line without ``artifacts`` is of an older roikit: the pictures are in its result.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["job", "artifact"]
BEGIN = b'{"roikit-journal":1,"sha256":"'
_END = b"}\n"
_KINDS: tuple[Kind, ...] = ("job", "artifact")
_MIDDLES = {kind: f'","{kind}":'.encode("ascii") for kind in _KINDS}
_BEFORE = len(BEGIN) + 64
_JOB = {
    "key": str, "plan": str, "assignment": str, "seed": int, "student": str, "outcome": str,
    "score": (float, type(None)), "result": str,
}  # fmt: skip
_FIELDS: tuple[tuple[Kind, dict[str, Any]], ...] = (
    ("job", {**_JOB, "artifacts": list}), ("job", _JOB), ("artifact", {"sha256": str, "packed": str}),
)  # fmt: skip
#: Bytes of one picture, unpacked.
MAX_ARTIFACT = 16 << 20


def encode(kind: Kind, fields: Mapping[str, Any]) -> bytes:
    """The line that holds `fields`."""
    body = json.dumps(fields, allow_nan=False, separators=(",", ":")).encode("ascii")
    return b"".join((BEGIN, _checksum(body), _MIDDLES[kind], body, _END))


def decode(line: bytes) -> tuple[Kind, dict[str, Any]]:
    """Kind and fields of a line, as packed as they are; ValueError for what `encode` did not make."""
    kind = next((kind for kind in _KINDS if line.startswith(_MIDDLES[kind], _BEFORE)), None)
    if kind is None or not line.startswith(BEGIN) or not line.endswith(_END):
        raise ValueError("not a line of a journal")
    body = line[_BEFORE + len(_MIDDLES[kind]) : -len(_END)]
    if line[len(BEGIN) : _BEFORE] != _checksum(body):
        raise ValueError("not the checksum")
    try:
        fields = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not any(_fits(fields, expected) for of, expected in _FIELDS if of == kind):
        raise ValueError(f"not the fields of a line of kind {kind}")
    return kind, fields


def _fits(fields: Any, expected: Mapping[str, Any]) -> bool:
    return (
        isinstance(fields, dict)
        and set(fields) == set(expected)
        and all(isinstance(fields[name], kind) for name, kind in expected.items())
        and all(isinstance(name, str) for name in fields.get("artifacts", ()))
    )


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode("ascii")


# ------------------------------------------------------------------ artifacts
def name_of(artifact: str) -> str:
    """The name of an artifact: the hash of its text."""
    return hashlib.sha256(artifact.encode("utf-8", "surrogatepass")).hexdigest()


def packed(artifact: str) -> dict[str, str]:
    """The fields of an artifact's line."""
    text = artifact.encode("utf-8", "surrogatepass")
    content = base64.b64encode(zlib.compress(text)).decode("ascii")
    return {"sha256": hashlib.sha256(text).hexdigest(), "packed": content}


def unpacked(fields: Mapping[str, str], name: str) -> str:
    """The artifact of this name; ValueError where the fields hold no such thing."""
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(base64.b64decode(fields["packed"], validate=True), MAX_ARTIFACT)
    except zlib.error as problem:
        raise ValueError(str(problem)) from None
    if not unpacker.eof or hashlib.sha256(text).hexdigest() != name:
        raise ValueError("not the artifact of this name")
    return text.decode("utf-8", "surrogatepass")
