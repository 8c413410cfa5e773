"""What can be read off a kernel's text: its kernels, their parameters' names, what C++ writes otherwise."""

from __future__ import annotations

import re

#: Comments, strings and characters: where no word of the language stands.
_SILENT = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])+'", re.DOTALL)

#: extern __shared__ float tile[][32];  the words before the type in any order
_DYNAMIC_SHARED = re.compile(
    r"(?P<words>(?:\b(?:extern|__shared__|(?:__align__|alignas)\s*\([^()]*(?:\([^()]*\))?[^()]*\))\s*){2,})"
    r"(?P<type>[\w:][\w:<>,\s*]*?)\s*"
    r"\b(?P<name>\w+)\s*\[\s*\](?P<rest>(?:\s*\[[^\]]*\])*)\s*;"
)

_KERNEL = re.compile(r"\b__global__\b(?P<between>[^;{}]*?)\b(?P<name>\w+)\s*\((?P<rest>[^{;]*)")
_LAUNCH_BOUNDS = re.compile(r"\b__\w+__\s*\([^()]*\)")

#: What the CPU cannot stand in for; looked for only on a line that the compiler refused.
_UNSUPPORTED = (
    (r"\basm\b|\b__asm(__)?\b", "inline PTX assembly"),
    (r"cooperative_groups|\bcg::", "cooperative groups"),
    (r"\bwmma\b|\bmma\.h\b|\bnvcuda\b", "tensor core instructions (wmma)"),
    (r"cuda_pipeline|cuda/(pipeline|barrier)|__pipeline_|memcpy_async|cuda::pipeline", "asynchronous copies"),
    (r"\b(tex|surf)[123]D\w*|cuda(Texture|Surface)Object_t|\btexture\s*<", "textures and surfaces"),
    (r"<<<", "launching a kernel from a kernel"),
    (r"#\s*include\s*[<\"](thrust|cub|cuda/std|cute|cutlass)/", "NVIDIA's C++ libraries"),
    (r"\bcuda[A-Z]\w+\s*\(", "calls of the CUDA runtime"),
)


def silenced(text: str) -> str:
    """`text` with blanks for its comments and literals: every place and every line stays where it was."""
    return _SILENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def with_dynamic_shared(text: str) -> str:
    """`text` with ``extern __shared__ T name[];`` as C++ that means the same, on the same lines.

    The array becomes a reference to the launch's shared memory: it is indexed, passed on and cast as ever.
    """
    pieces = []
    end = 0
    for found in _DYNAMIC_SHARED.finditer(silenced(text)):
        if not re.search(r"\bextern\b", found["words"]) or "__shared__" not in found["words"]:
            continue
        array = f"{' '.join(found['type'].split())} (&{found['name']})[]{found['rest']}"
        cast = array.replace(f"(&{found['name']})", "(&)")
        pieces += [
            text[end : found.start()],
            f"static {array} = reinterpret_cast<{cast}>(simt::dynamic_shared_memory);",
            "\n" * found[0].count("\n"),
        ]
        end = found.end()
    return "".join([*pieces, text[end:]])


def dynamic_shared_name(text: str) -> str:
    """The name of the dynamic shared array, or of the first of them."""
    found = _DYNAMIC_SHARED.search(silenced(text))
    return found["name"] if found else "dynamic shared memory"


def kernels(text: str) -> dict[str, tuple[str, ...]]:
    """The names of a text's ``__global__`` functions, each with the names of its parameters."""
    bare = _LAUNCH_BOUNDS.sub(" ", silenced(text))
    return {found["name"]: _parameter_names(found["rest"]) for found in _KERNEL.finditer(bare)}


def _parameter_names(text: str) -> tuple[str, ...]:
    """The names in ``const float* x, int n) ...``, as far as they can be told."""
    names = []
    depth = 0
    start = 0
    for place, sign in enumerate(text):
        if sign in "(<[":
            depth += 1
        elif sign in ")>]" and depth > 0:
            depth -= 1
        elif depth == 0 and sign in ",)":
            words = re.findall(r"\w+", text[start:place].split("=")[0])
            if len(words) > 1:  # a lone word is a type: void, or a parameter without a name
                names.append(words[-1])
            start = place + 1
            if sign == ")":
                break
    return tuple(names)


def unsupported(line: str) -> str | None:
    """What a line asks for that the CPU cannot stand in for, in words."""
    return next((what for pattern, what in _UNSUPPORTED if re.search(pattern, line)), None)


def bare_name(name: str) -> str:
    """``k`` of ``space::k<float, 4>``."""
    return name.split("<")[0].strip().split("::")[-1]
