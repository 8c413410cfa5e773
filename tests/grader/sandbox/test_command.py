"""Commands behind the walls: a compiler, the program that comes of it, and programs that mean harm."""

import dataclasses
import os
import socket

import pytest

from grader.errors import SandboxError
from grader.sandbox import command, watchdog
from grader.sandbox.command import LIMITS, CommandBox

MIB = 1 << 20
#: Short enough that a hostile command is over in a second or two.
SHORT = dataclasses.replace(
    LIMITS, call_seconds=8.0, cpu_seconds=10, memory=192 * MIB, address_space=1024 * MIB, files=2000,
    file_size=16 * MIB, tmpfs=32 * MIB, reply=8 * MIB, prints_end=1 * MIB,
)  # fmt: skip
#: Writes 7 into the file that its first word names.
SEVEN = """
#include <cstdio>
int main(int count, char** words) {
    FILE* out = fopen(words[1], "w");
    fputs("7", out);
    fclose(out);
}
"""


@pytest.fixture
def box(full_rung):
    with CommandBox(SHORT, full_rung) as box:
        yield box


@pytest.fixture
def compiled(box, tmp_path):
    """C++ text -> the program ``./program`` in ``tmp_path``."""

    def compile_text(text, *words):
        (tmp_path / "program.cpp").write_text(text)
        ran = box.run(["g++", "program.cpp", "-o", "program", *words], tmp_path, 8)
        assert (ran.status, ran.exit) == ("ended", 0), ran.stderr
        return tmp_path

    return compile_text


def body(statements, headers="cstdio cstdlib cstring csignal unistd.h fcntl.h sys/stat.h"):
    """A program of some statements."""
    includes = "".join(f"#include <{name}>\n" for name in headers.split())
    return f"{includes}int main(int count, char** words) {{ {statements} }}\n"


# ---------------------------------------------------------------- what it is for
def test_compiler_and_program_run_on_every_rung(any_rung, tmp_path):
    (tmp_path / "seven.cpp").write_text(SEVEN)
    with CommandBox(LIMITS, any_rung) as box:
        built = box.run(["g++", "seven.cpp", "-o", "seven"], tmp_path, 30)
        ran = box.run(["./seven", "out"], tmp_path, 10)
    assert (built.status, built.exit, built.stderr) == ("ended", 0, "")
    assert (ran.status, ran.exit) == ("ended", 0)
    assert (tmp_path / "out").read_text() == "7"


def test_an_error_is_the_compilers_own_word(box, tmp_path):
    (tmp_path / "wrong.cpp").write_text("int main() {\n    return x;\n}\n")
    ran = box.run(["g++", "wrong.cpp", "-o", "wrong"], tmp_path, 8)
    assert (ran.status, ran.exit) == ("ended", 1)
    assert "wrong.cpp:2:12: error" in ran.stderr
    assert not (tmp_path / "wrong").exists()


def test_a_header_in_a_folder_of_the_folder(box, tmp_path):
    (tmp_path / "language").mkdir()
    (tmp_path / "language" / "seven.h").write_text("constexpr int seven = 7;\n")
    (tmp_path / "program.cpp").write_text('#include "language/seven.h"\nint main() { return seven; }\n')
    assert box.run(["g++", "program.cpp", "-o", "program"], tmp_path, 8).exit == 0
    assert box.run(["./program"], tmp_path, 8).exit == 7


def test_object_files_come_back(box, tmp_path):
    (tmp_path / "part.cpp").write_text("int part() { return 7; }\n")
    (tmp_path / "program.cpp").write_text("int part();\nint main() { return part(); }\n")
    assert box.run(["g++", "-c", "part.cpp", "program.cpp"], tmp_path, 8).exit == 0
    assert box.run(["g++", "part.o", "program.o", "-o", "program"], tmp_path, 8).exit == 0
    assert box.run(["./program"], tmp_path, 8).exit == 7


def test_lines_of_a_program(box, compiled):
    folder = compiled("int main() {\n    return 0;\n}\n", "-g", "-no-pie")
    found = box.run(["nm", "program"], folder, 8)
    address = next(line.split()[0] for line in found.stdout.splitlines() if line.endswith(" main"))
    assert "program.cpp:1" in box.run(["addr2line", "-e", "program", address], folder, 8).stdout


def test_exit_codes_are_those_of_subprocess(box, compiled):
    folder = compiled(body("if (count > 1) raise(SIGSEGV); return 127;"))
    assert box.run(["./program"], folder, 8).exit == 127
    assert box.run(["./program", "x"], folder, 8).exit == -11


def test_an_absent_tool_is_our_fault(box, tmp_path):
    with pytest.raises(SandboxError, match="cannot run nvcc"):
        box.run(["nvcc", "kernel.cu"], tmp_path, 8)


def test_an_absent_compiler_is_named(full_rung):
    with pytest.raises(SandboxError, match="the compiler g\\+\\+-99 is missing"):
        CommandBox(SHORT, full_rung, compiler="g++-99")


def test_a_program_that_is_none_has_crashed(box, tmp_path):
    (tmp_path / "program").write_text("garbage")
    ran = box.run(["./program"], tmp_path, 8)
    assert (ran.status, ran.sentence) == ("crashed", "is not a program that this machine can run")


# ---------------------------------------------------------------- the folder
def test_only_named_files_come_back_and_go_in(box, compiled):
    folder = compiled(body('fopen("loot", "w"); return access(words[1], F_OK) + 2 * access("hidden", F_OK);'))
    (folder / "case").write_text("input")
    (folder / "hidden").write_text("not named")
    before = sorted(path.name for path in folder.iterdir())
    assert box.run(["./program", "case"], folder, 8).exit == 256 - 2  # the case is there, the other is not
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    "trick",
    [
        'symlink("/proc/self/status", words[1]);',
        'symlink("/nowhere", words[1]);',
        "mkfifo(words[1], 0600);",
        "mkdir(words[1], 0700);",
        'mkdir("out.d", 0700); rename("out.d", words[1]);',
    ],
)
def test_what_is_no_plain_file_does_not_come_back(box, compiled, trick):
    folder = compiled(body(trick))
    assert box.run(["./program", "out"], folder, 8).status == "ended"
    assert not os.path.lexists(folder / "out")


def test_a_named_file_that_is_gone_is_gone_here_too(box, compiled):
    folder = compiled(body("unlink(words[1]);"))
    (folder / "out").write_text("of an earlier run")
    box.run(["./program", "out"], folder, 8)
    assert not (folder / "out").exists()


def test_words_that_lead_out_of_the_folder_are_words(box, compiled, tmp_path_factory):
    folder = compiled(SEVEN)
    outside = tmp_path_factory.mktemp("outside") / "out"
    for word in (str(outside), f"../{outside.parent.name}/out", "/tmp/out", ".hidden"):
        box.run(["./program", word], folder, 8)
    assert not outside.exists()
    assert {path.name for path in folder.iterdir()} == {"program", "program.cpp"}


def test_a_link_of_ours_is_replaced_not_followed(box, compiled, tmp_path_factory):
    folder = compiled(SEVEN)
    kept = tmp_path_factory.mktemp("cache") / "kept"
    kept.write_text("ours")
    (folder / "out").symlink_to(kept)
    box.run(["./program", "out"], folder, 8)
    assert (folder / "out").read_text() == "7"
    assert kept.read_text() == "ours"


def test_programs_do_not_change_themselves(box, compiled):
    folder = compiled(body('unlink("program"); fputs("other", fopen("program", "w"));'))
    before = (folder / "program").read_bytes()
    box.run(["./program", "./program"], folder, 8)
    assert (folder / "program").read_bytes() == before


# ---------------------------------------------------------------- bounds
@pytest.mark.parametrize(
    ("statements", "status", "sentence"),
    [
        ("for (;;) {}", "timeout", "took more than 0.5 s"),
        ("for (;;) pause();", "timeout", "took more than 0.5 s"),
        ("kill(getppid(), SIGSTOP); for (;;) pause();", "timeout", "took more than 1.5 s"),
        ("kill(getppid(), SIGKILL); sleep(9);", "crashed", "crashed (SIGKILL)"),
        ("for (;;) puts(words[0]);", "output_limit", "printed more than 1 MiB"),
        ("fork(); for (;;) memset(malloc(99999), 1, 99999);", "memory", "used more than 192 MiB of memory"),
        ('FILE* out = fopen(words[1], "w"); for (int i = 0; i < 9 << 20; ++i) fputc(0, out); fclose(out);',
         "output_limit", "wrote more than 7 MiB"),
        ('char name[9]; for (int i = 0; i < 9999; ++i) { sprintf(name, "%d", i); creat(name, 0600);'
         " close(3); } for (;;) pause();", "output_limit", "wrote more than 2000 files or 32 MiB"),
    ],
)  # fmt: skip
def test_a_command_is_bounded(full_rung, box, compiled, monkeypatch, statements, status, sentence):
    monkeypatch.setattr(command, "MARGIN_SECONDS", 0.5)
    folder = compiled(body(statements))
    limits = dataclasses.replace(SHORT, call_seconds=1.0) if "SIGSTOP" in statements else SHORT
    with CommandBox(limits, full_rung) as short:
        ran = short.run(["./program", "out"], folder, 0.5 if status == "timeout" else 8)
        assert (ran.status, ran.sentence) == (status, sentence)
        assert short.run(["g++", "--version"], folder, 1).exit == 0
    assert not (folder / "out").exists()


def test_files_that_do_not_fit(box, compiled):
    folder = compiled(SEVEN)
    (folder / "large").write_bytes(bytes(31 * MIB))
    ran = box.run(["./program", "out", "large"], folder, 8)
    assert (ran.status, ran.sentence) == ("output_limit", "needs files of more than 32 MiB")


def test_all_commands_together_are_bounded(full_rung, tmp_path):
    with CommandBox(dataclasses.replace(SHORT, total_seconds=0.01), full_rung) as box:
        box.run(["g++", "--version"], tmp_path, 8)
        ran = box.run(["g++", "--version"], tmp_path, 8)
    assert (ran.status, ran.sentence) == ("timeout", "was not run: the submission has used up its 0.01 s")


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        ('#include "/dev/zero"\n', "memory exhausted|used more than"),
        ("template <int n> struct F { enum { v = F<n - 1>::v + F<n - 2>::v }; };\nint x = F<1 << 30>::v;\n",
         "recursion|instantiation depth"),
        ("template <class T, int n> struct P { P<P<T, n>, n + 1> a; P<P<P<T, n>, n>, n + 2> b; };\n"
         "int x = sizeof(P<int, 0>);\n", "instantiation depth|used more than|took more than|printed more"),
        ("#define A(x) x x x x x x x x x x\n#define B(x) A(A(A(A(A(A(A(A(A(x)))))))))\nint f() { B(f();) }\n",
         "memory exhausted|used more than|took more than"),
        ("char all[1ull << 32] = {1};\nint main() {}\n", "too large|File size|exceeds|No space|truncated"),
        ('asm(".incbin \\"/dev/zero\\"");\nint main() {}\n', "unable to include|exhausted|used more than"),
        ('asm(".fill 0x100000000, 1, 0");\nint main() {}\n', "File size|too |No space|write error|out of"),
    ],
    ids=["dev_zero", "fibonacci", "nested", "macros", "huge_array", "incbin", "fill"],
)  # fmt: skip
def test_a_compiler_is_bounded(box, tmp_path, text, bounded):
    (tmp_path / "bomb.cpp").write_text(text)
    ran = box.run(["g++", "bomb.cpp", "-o", "bomb"], tmp_path, 4)
    assert (ran.status, ran.exit) != ("ended", 0)
    assert any(word in ran.sentence + ran.stderr for word in bounded.split("|")), ran
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 40 * MIB


# ---------------------------------------------------------------- walls
@pytest.mark.parametrize("path", ["/etc/passwd", __file__, os.path.expanduser("~"), "/proc/1/environ"])
def test_the_compiler_reads_nothing_of_the_machines(box, tmp_path, path):
    (tmp_path / "reads.cpp").write_text(f'#include "{path}"\nasm(".incbin \\"{path}\\"");\n')
    ran = box.run(["g++", "reads.cpp", "-o", "reads"], tmp_path, 8)
    assert ran.exit == 1
    assert "No such file" in ran.stderr or "Permission denied" in ran.stderr


def test_a_program_reads_nothing_of_the_machines(box, compiled):
    folder = compiled(body("for (int i = 1; i < count; ++i) if (open(words[i], O_RDONLY) >= 0) return i;"))
    places = ["/etc/passwd", "/etc/hostname", __file__, str(folder / "program.cpp"), "/proc/1/environ",
              "/proc/1/mem", "/proc/2/fd/3", os.path.expanduser("~/.bashrc")]  # fmt: skip
    assert box.run(["./program", *places], folder, 8).exit == 0


def test_nothing_of_the_grader_can_be_written_or_heard(box, compiled, tmp_path_factory):
    """No network, no file outside, no process of anybody else's."""
    open_folder = tmp_path_factory.mktemp("open")
    open_folder.chmod(0o777)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        folder = compiled(body(
            f"if (socket(AF_INET, SOCK_STREAM, 0) >= 0) return {port % 200 + 1};"
            f'if (creat("{open_folder}/x", 0600) >= 0 || creat("/usr/x", 0600) >= 0) return 201;'
            f"if (kill({os.getpid()}, 0) == 0 || setuid(0) == 0) return 202;",
            "sys/socket.h unistd.h fcntl.h signal.h",
        ))  # fmt: skip
        assert box.run(["./program"], folder, 8).exit == 0


def test_the_runner_cannot_be_spoken_for(box, compiled):
    """Its memory and its channel are closed to the command."""
    folder = compiled(body(
        'char path[99]; for (int fd = 0; fd < 64; ++fd) { sprintf(path, "/proc/%d/fd/%d", getppid(), fd);'
        " if (open(path, O_WRONLY) >= 0) return 1; if (fd > 2 && fcntl(fd, F_GETFD) != -1) return 2; }"
        ' sprintf(path, "/proc/%d/mem", getppid()); return open(path, O_RDWR) >= 0 ? 3 : 0;'
    ))  # fmt: skip
    assert box.run(["./program"], folder, 8).exit == 0


def test_nothing_stays_for_the_next_command(box, compiled):
    """Neither a process nor a file, however deep."""
    others = set(watchdog.descendants(os.getpid()))  # of earlier tests: a browser, a database
    leaves = (
        'if (access("/tmp/a", F_OK) == 0) return 1; mkdir("/tmp/a", 0700); mkdir("/tmp/a/deep", 0700);'
        ' creat("other", 0600); if (fork() == 0) { setsid(); if (fork() == 0) for (;;) pause(); }'
    )
    folder = compiled(body(leaves))
    assert [box.run(["./program"], folder, 8).exit for _ in range(2)] == [0, 0]
    box.close()
    assert set(watchdog.descendants(os.getpid())) <= others


def test_prints_are_cleaned_and_cut(box, compiled):
    folder = compiled(body(r'for (int i = 0; i < 9999; ++i) printf("\033[2J ALL PASSED ");'))
    ran = box.run(["./program"], folder, 8)
    assert "\033" not in ran.stdout
    assert len(ran.stdout) <= SHORT.prints_kept
