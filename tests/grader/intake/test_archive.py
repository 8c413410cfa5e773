"""Zips and tars: what honest programs write is read, in any order; a student's own archive holds one file."""

import gzip
import io
import os
import random
import subprocess
import tarfile
import zipfile
from functools import partial

import pytest

from grader.errors import SubmissionError, UnreadableError
from grader.intake import archive
from grader.intake.archive import CLASS, Bounds
from grader.intake.choice import choose
from grader.intake.collect import hand_ins
from grader.sandbox.limits import Limits

CODE = b"x = 1\n"
MODES = ("w", "w:gz", "w:bz2", "w:xz")
FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


def tarred(files, mode="w:gz", format=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=format) as made:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zipped(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in files:
            made.writestr(name, data)
    return out.getvalue()


def opened(data, bounds=CLASS):
    return archive.opened(io.BytesIO(data), "class", bounds)


def contents(data, limit=1 << 20):
    with opened(data) as found:
        return {entry.name: found.read(entry, limit) for entry in found.entries()}


# ------------------------------------------------------------------ what honest programs write
NAMES = ["ada/toy/toy.py", "José María/toy/toy.ipynb", f"{'b' * 60}/toy/{'long ' * 15}.py", "empty.py"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("format", FORMATS)
def test_tars_of_every_format(mode, format):
    noise = random.Random(7)
    files = {name: noise.randbytes(3000 * at) for at, name in enumerate(reversed(NAMES))}
    assert contents(tarred(files.items(), mode, format)) == files


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zips(method):
    files = {name: name.encode() * 1000 for name in NAMES}
    assert contents(zipped(files.items(), method)) == files


@pytest.mark.parametrize("options", ["--format=v7", "--format=ustar", "--format=gnu", "--format=posix"])
def test_what_the_program_tar_writes(tmp_path, options):
    (tmp_path / "ada" / "toy").mkdir(parents=True)
    (tmp_path / "ada" / "toy" / "toy.py").write_bytes(CODE)
    subprocess.run(["tar", "-c", "-z", options, "-f", tmp_path / "c.tar", "-C", tmp_path, "ada"], check=True)
    assert contents((tmp_path / "c.tar").read_bytes()) == {"ada/toy/toy.py": CODE}


@pytest.mark.parametrize("mode", MODES)
def test_entries_are_read_in_any_order_and_as_often_as_wanted(mode):
    files = {f"s{number}.py": str(number).encode() * 1000 for number in range(50)}
    with opened(tarred(files.items(), mode)) as found:
        entries = list(found.entries()) * 2
        random.Random(3).shuffle(entries)
        for entry in entries:
            assert found.read(entry, 1 << 20) == files[entry.name]


@pytest.mark.parametrize("make", [zipped, tarred, partial(tarred, mode="w")], ids=["zip", "tar.gz", "tar"])
def test_one_byte_more_than_the_limit_tells_that_there_is_more(make):
    with opened(make([("a.py", CODE * 50)])) as found:
        (entry,) = found.entries()
        assert found.read(entry, 10) == (CODE * 2)[:11]
        assert len(found.read(entry, 300)) == 300


def test_a_number_too_large_for_octal_digits():
    info = tarfile.TarInfo("a.py")
    info.size, info.mtime = len(CODE), 1 << 40
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as out:
        out.addfile(info, io.BytesIO(CODE))
    assert contents(made.getvalue()) == {"a.py": CODE}


def test_several_compressed_streams_are_one():
    plain = tarred([("a.py", CODE), ("b.py", CODE)], "w")
    twice = gzip.compress(plain[:700]) + gzip.compress(plain[700:])
    assert contents(twice + bytes(600)) == {"a.py": CODE, "b.py": CODE}


# ------------------------------------------------------------------ bounds
def bounds():
    return Bounds(100, 1 << 20, unpacked=1 << 20, each=1 << 16, kept=1 << 16, remedy="; unpack it")


@pytest.mark.parametrize("make", [zipped, tarred, partial(tarred, mode="w")], ids=["zip", "tar.gz", "tar"])
def test_too_many_files(make):
    files = [(f"f{number}.py", b"") for number in range(101)]
    assert len(opened(make(files[:100]), bounds()).entries()) == 100
    with pytest.raises(SubmissionError, match=r"^class holds more than 100 files; unpack it$"):
        opened(make(files), bounds())


def test_too_much_in_a_compressed_tar():
    noise = random.Random(1).randbytes
    with pytest.raises(SubmissionError, match=r"^class unpacks to more than 1 MiB; unpack it$"):
        opened(tarred([("big.bin", bytes(2 << 20))]), bounds())
    with pytest.raises(SubmissionError, match=r"^class holds more than 64 KiB of hand-ins; unpack it$"):
        opened(tarred([(f"{number}.py", noise(50_000)) for number in range(2)]), bounds())
    opened(tarred([(f"{number}.txt", noise(50_000)) for number in range(2)]), bounds())  # of none


def test_a_plain_tar_is_not_taken_into_memory(tmp_path):
    """A class of 10 GiB, none of it on the disk indeed, is listed at once."""
    header = tarred([("ada.py", CODE)], "w")[:512]
    big = tarfile.TarInfo("zoe/plot.png")
    big.size = 10 << 30
    with open(tmp_path / "class.tar", "wb") as file:
        file.write(big.tobuf(tarfile.GNU_FORMAT))
        file.seek(10 << 30, os.SEEK_CUR)
        file.write(header + CODE + bytes(512 - len(CODE)) + bytes(1024))
    with hand_ins(tmp_path / "class.tar", "toy") as found:
        assert [(hand_in.student, hand_in.read().refusal) for hand_in in found] == [("ada", "")]


@pytest.mark.parametrize("at", [0, 1, 100, 511, 512, 700, 1500])
@pytest.mark.parametrize("mode", MODES)
def test_cut_off(mode, at):
    data = tarred([("a.py", CODE), ("b.py", CODE)], mode)
    with pytest.raises(SubmissionError):
        opened(data[: min(at, len(data) - 20)])


def test_the_archive_changes_after_it_was_listed(tmp_path):
    path = tmp_path / "class.tar"
    path.write_bytes(tarred([("ada.py", CODE), ("bela.py", CODE * 1000)], "w"))
    with hand_ins(path, "toy") as found:
        os.truncate(path, 2000)
        ada, bela = (hand_in.read() for hand_in in found)
    assert ada.source is not None
    assert (bela.is_ours, bela.refusal) == (True, "the archive ends before the file does")


def test_who_packed_the_class_is_not_the_student():
    data = bytearray(zipped([("ada.py", CODE)], zipfile.ZIP_STORED))
    data[36] ^= 1
    with opened(bytes(data)) as found, pytest.raises(UnreadableError, match="is damaged in the archive"):
        found.read(found.entries()[0], 100)


# ------------------------------------------------------------------ a student's own archive
REMEDY = "; name the one that counts toy.ipynb"


def unpack(files, make=zipped, **limits):
    found = archive.unpack(make(files), Limits(**limits))
    file = found[choose(found, "toy", Limits(**limits))]
    return file.name, file.read(1000)


@pytest.mark.parametrize("make", [zipped, tarred, partial(tarred, mode="w:xz")], ids=["zip", "gz", "xz"])
@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["toy.py"], "toy.py"),
        (["work/toy/toy.ipynb", "work/toy/toy.py", "work/toy/draft.ipynb"], "toy.ipynb"),
        (["work/mine.py", "work/data.csv", "work/test_public.py"], "mine.py"),
        (["Toy.PY", "other.ipynb"], "Toy.PY"),
        (["__MACOSX/._toy.py", ".DS_Store", "._toy.py", "toy.py", ".ipynb_checkpoints/toy.ipynb"], "toy.py"),
    ],
)
def test_the_one_file_that_is_meant(names, chosen, make):
    assert unpack([(name, CODE) for name in names], make) == (chosen, CODE)


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "the archive holds no notebook (.ipynb) and no module (.py)"),
        (["a.py", "b.py"], "several files could be the submission: 'a.py', 'b.py'" + REMEDY),
        (["x/toy.py", "y/toy.py"], "several files could be the submission: 'x/toy.py', 'y/toy.py'" + REMEDY),
        (["toy.py", "TOY.PY"], "the archive holds 'toy.py' twice"),
        (["toy.py", "toy.py/x"], "the archive holds 'toy.py' as a file and as a folder"),
        (["toy.py", "../toy.py"], "the path '../toy.py' leads out of the archive"),
        (["to\ny.py"], "the path 'to\\ny.py' in the archive cannot be used as a name"),
        (["toy.zip"], "the archive holds no notebook (.ipynb) and no module (.py)"),
    ],
)
def test_no_file_that_is_meant(names, sentence):
    with pytest.raises(SubmissionError) as refused:
        unpack([(name, CODE) for name in names])
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"archive": 1024}, "the archive is larger than 1 KiB"),
        ({"unpacked": 64 << 10}, "the archive unpacks to more than 64 KiB"),
        ({"entries": 2}, "the archive holds more than 2 files"),
    ],
)
@pytest.mark.parametrize("make", [zipped, tarred], ids=["zip", "tar"])
def test_the_limits_are_the_assignment_s(limits, sentence, make):
    files = [("toy.py", CODE), ("noise", random.Random(1).randbytes(70_000)), ("a.txt", b"")]
    assert unpack(files, make) == ("toy.py", CODE)
    with pytest.raises(SubmissionError, match=sentence):
        unpack(files, make, **limits)


def test_what_is_damaged_in_ones_own_archive_is_ones_own_doing():
    with pytest.raises(SubmissionError, match="compressed in an unusual way") as refused:
        unpack([("toy.py", CODE)], partial(zipped, method=zipfile.ZIP_BZIP2))
    assert not isinstance(refused.value, UnreadableError)


# ------------------------------------------------------------------ where own archives may lie
@pytest.mark.parametrize("name", ["ada.zip", "ada/toy/toy.tar.gz", "ada/toy/My Work.tgz", "ada/toy/x.tar.xz"])
@pytest.mark.parametrize("around", ["folder", "class.zip", "class.tar", "class.tar.bz2"])
def test_in_a_folder_or_in_the_class_s_archive(tmp_path, name, around):
    own = zipped([("toy.py", CODE)])
    if around == "folder":
        (tmp_path / "c" / name).parent.mkdir(parents=True)
        (tmp_path / "c" / name).write_bytes(own)
        where = tmp_path / "c"
    else:
        where = tmp_path / around
        mode = {"class.tar": "w", "class.tar.bz2": "w:bz2"}.get(around)
        where.write_bytes(tarred([(name, own)], mode) if mode else zipped([(name, own)]))
    with hand_ins(where, "toy") as found:
        (ada,) = found
        assert (ada.student, ada.path, ada.data()) == ("ada", name, CODE)
        assert [cell.text for cell in ada.read().source.cells] == [CODE.decode()]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["toy.ipynb", "toy.zip"], "ada/toy/toy.ipynb"),
        (["mine.py", "data.zip"], "ada/toy/mine.py"),
        (["toy.zip", "data.zip"], "ada/toy/toy.zip"),
        (["mine.py", "toy.zip"], "several files could be the submission: 'mine.py', 'toy.zip'" + REMEDY),
        (["a.zip", "b.zip"], "several files could be the submission: 'a.zip', 'b.zip'" + REMEDY),
    ],
)
def test_an_archive_beside_other_files(tmp_path, names, found):
    (tmp_path / "ada" / "toy").mkdir(parents=True)
    for name in names:
        (tmp_path / "ada" / "toy" / name).write_bytes(zipped([("toy.py", CODE)]))
    with hand_ins(tmp_path, "toy") as (ada,):
        assert found in (ada.path, ada.refusal)
