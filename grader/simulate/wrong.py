"""Right programs, and programs with the bank's ideas and slips of the hand in them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from grader.lint.mutants import mutants
from grader.simulate.chance import Chance
from grader.simulate.material import Material
from grader.simulate.parts import Piece
from grader.simulate.program import Program

#: How often one idea is alone, has another beside it, has a slip elsewhere; how often there is a slip alone.
VARIETIES = {"idea": 0.55, "two ideas": 0.2, "idea and slip": 0.15, "slip": 0.1}
#: A slip may be in a line that no input needs, and change nothing.
UNCERTAIN = "slip"
_TRIES = 4


def right(material: Material, chance: Chance, fixed: Mapping[str, Piece] | None = None) -> Program:
    """A right program made of those that there are; the functions of `fixed` are as they are given."""
    fixed = fixed or {}
    for _ in range(_TRIES):
        pieces: dict[str, Piece] = {}
        for group in material.groups:
            base = chance.pick([base for base in material.bases if base.keys() >= set(group)])
            pieces.update((function, base[function]) for function in group)
        made = Program({function: {**pieces, **fixed}[function] for function in material.functions})
        if made.parts is not None:
            return made
    rest = material.bank.right if material.bank and fixed else {}
    return Program({**material.bases[0], **rest, **fixed})


def program(material: Material, chance: Chance) -> tuple[str, Program]:
    """A wrong program and its variety; without a bank a slip is all that can be made."""
    variety = chance.weighted(VARIETIES)
    if material.bank is None or not material.bank.ideas or variety == "slip":
        return UNCERTAIN, slipped(right(material, chance), material.functions, chance)[0]
    names: tuple[str, ...] = (chance.early(material.bank.ideas),)
    if variety == "two ideas":
        names = _with_another(names, material, chance)
    changed = material.bank.wrong(names)
    made = right(material, chance, changed)
    if variety == "idea and slip":
        others = tuple(function for function in material.functions if function not in changed)
        made, has_slipped = slipped(made, others, chance)
        variety = variety if has_slipped else "idea"
    return "idea" if variety == "two ideas" and len(names) == 1 else variety, made


def _with_another(names: tuple[str, ...], material: Material, chance: Chance) -> tuple[str, ...]:
    """The ideas and one more, if there is one beside them."""
    bank = material.bank
    assert bank is not None
    for _ in range(_TRIES):
        both = (*names, chance.pick(bank.ideas))
        if bank.can_combine(both):
            return both
    return names


def slipped(program: Program, functions: tuple[str, ...], chance: Chance) -> tuple[Program, bool]:
    """The program with a slip of the hand in one of `functions`, and whether there was room for one."""
    places = [function for function in functions if slips(program.text_of(function))]
    if not places:
        return program, False
    function = chance.pick(places)
    return program.with_function(function, chance.pick(slips(program.text_of(function)))), True


@lru_cache(maxsize=1024)
def slips(text: str) -> tuple[str, ...]:
    """All slips in one function; none where it has an f-string: Pythons disagree about places in these."""
    if any(mark in text for mark in ('f"', "f'")):
        return ()
    return tuple(mutant.text for mutant in mutants("", text))
