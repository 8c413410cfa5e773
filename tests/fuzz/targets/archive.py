"""Archives of a class and of one student: hand-ins with usable names, or a sentence; of bombs only a part."""

import bz2
import gzip
import io
import lzma
import warnings
import zipfile

from targets import _folder, notebook
from targets._choices import Choices
from targets.text import check_sentence, is_harmless

from grader.errors import SubmissionError
from grader.intake import names
from grader.intake.collect import hand_ins
from grader.sandbox.limits import KIB, Limits

#: Small, so that going beyond them takes no time.
LIMITS = Limits(notebook=64 * KIB, code=16 * KIB, archive=64 * KIB, unpacked=256 * KIB, entries=20)
_NAMES = (
    "ada/roi_pool/roi_pool.py", "ada/roi_pool/roi_pool.ipynb", "ada.ipynb", "ada.py", "Ada.py", "ada.zip",
    "ada.tar.gz", "class/ada.py", "class/bob/roi_pool/roi_pool.zip", "roi_pool.py", "../x.py", "/x.py",
    "C:\\x.py", "a/../../b.py", "__MACOSX/._ada.py", ".py", "ada/roi_pool/",
    "ada/roi_pool/.ipynb_checkpoints/x.ipynb", "ada\n.py", "\u202eada.py", "a" * 300 + ".py",
    "a" * 1200 + ".py", "ada\u0301.py", "\u00e1da.py", "nul.py", "a.py/b.py", "<b>.py", "x\x1b[2J.py",
)  # fmt: skip
_PACKED = (bytes, gzip.compress, bz2.compress, lzma.compress)


def seeds():
    code, cells = b"x = 1\n", notebook.as_notebook(["x = 1"])
    nbgrader = [("ada/roi_pool/roi_pool.py", code), ("bob/roi_pool/roi_pool.ipynb", cells)]
    own = [("ada.zip", zipped([("roi_pool.py", code)])), ("bob.tgz", gzip.compress(tarred([("a.py", code)])))]
    bombs = [("ada.py", b"#" * 200_000), ("bob.zip", zipped([("a.py", bytes(300_000))]))]
    for files in (nbgrader, own, bombs):
        yield bytes([0]) + zipped(files)
        yield from (bytes([0]) + pack(tarred(files)) for pack in _PACKED)
    for kind in (1, 2):
        for start in range(8):
            yield bytes([kind]) + bytes((start * 31 + 17 * k) % 256 for k in range(60))


def check(data):
    choices = Choices(data)
    made = choices.pick((Choices.rest, zip_, tar))(choices)
    path = _folder.PATH / "class.zip"
    path.write_bytes(made)
    try:
        with hand_ins(path, "roi_pool", LIMITS) as found:
            check_class(found)
    except SubmissionError as problem:
        check_sentence(str(problem))


def check_class(found):
    students = [hand_in.student for hand_in in found]
    assert students == sorted(set(students))
    for hand_in in found:
        assert names.is_usable(hand_in.student), hand_in
        submission = hand_in.read()
        assert (submission.student, submission.path) == (hand_in.student, hand_in.path)
        assert is_harmless(submission.path)
        if submission.source is None:
            check_sentence(submission.refusal)
            continue
        assert submission.refusal == ""
        assert len(hand_in.data()) <= LIMITS.notebook
        assert sum(len(cell.text.encode()) for cell in submission.source.cells) <= 2 * LIMITS.code


# ------------------------------------------------------------------ made ones
def zip_(choices):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice
        return _patched(choices, zipped(choices.several(lambda: _file(choices)), choices))


def zipped(files, choices=None):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if choices:
                info.external_attr = choices.pick((0, 0o100644, 0o120777, 0o040755, 0o020666)) << 16
                info.compress_type = choices.pick((0, 8, 8, 12))
            archive.writestr(info, data)
    return file.getvalue()


def tar(choices):
    blocks = b"".join(_entry(choices, *_file(choices)) for _ in range(choices.below(5)))
    return _patched(choices, choices.pick(_PACKED)(blocks + bytes(choices.pick((1024, 512, 0)))))


def tarred(files):
    return b"".join(_header(name, len(data)) + _padded(data) for name, data in files) + bytes(1024)


def _entry(choices, name, data):
    size = choices.pick((len(data), len(data), 0, len(data) + 1, 1 << 20, 1 << 33))
    kind = choices.pick(b"000001234567SxgLK\0")
    entry = _header(name, size, bytes([kind])) + _padded(data)
    if choices.below(3):
        return entry
    key = choices.pick(("path", "size", "GNU.sparse.name", "x"))
    text = choices.pick((name, "5", "-1", "99999999999", "")).encode("utf-8", "surrogatepass")
    record = b" " + key.encode() + b"=" + text + b"\n"
    record = str(len(record) + choices.pick((2, 3, 1, 0))).encode() + record
    if choices.below(3) == 2:
        return _header("x", len(text), b"L") + _padded(text) + entry
    return _header("x", len(record), b"x") + _padded(record) + entry


def _header(name, size, kind=b"0"):
    field = name.encode("utf-8", "surrogatepass")[:100].ljust(100, b"\0")
    number = b"%011o\0" % size if size < 8**11 else b"\x80" + size.to_bytes(11, "big")
    block = field + b"0000644\0" + b"0000000\0" * 2 + number + b"00000000000\0" + b" " * 8 + kind
    block = (block.ljust(257, b"\0") + b"ustar\x0000").ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def _padded(data):
    return data + bytes(-len(data) % 512)


def _file(choices):
    name = choices.pick(_NAMES) if choices.below(6) else choices.text().encode("utf-8", "replace").decode()
    content = (
        lambda: b"def roi_pool(x): return x\n", lambda: notebook.as_notebook(["x = 1"]),
        lambda: choices.take(40), lambda: bytes(1 << choices.below(21)),
        lambda: zipped([(choices.pick(_NAMES), b"x = 1")]),
        lambda: gzip.compress(tarred([(choices.pick(_NAMES), bytes(1 << choices.below(20)))])),
    )  # fmt: skip
    return name, choices.pick(content)()


def _patched(choices, made):
    """With a few bytes changed: sizes, offsets, flags, checksums."""
    made = bytearray(made)
    for _ in range(choices.below(6)):
        at = int.from_bytes(choices.take(2), "little")
        if made:
            made[-1 - at % len(made)] = choices.below(256)
    return bytes(made)
