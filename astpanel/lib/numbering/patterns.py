"""Patterns of rewrite rules, written as in Asterisk's dialplan: `+7XXXXXXXXXX`, `8[3489]X.`, `*21*X.`."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

LONGEST: Final = 64  # characters of a pattern
CLASSES: Final = {"X": "[0-9]", "Z": "[1-9]", "N": "[2-9]"}
LITERALS: Final = frozenset("0123456789*#+")
SET: Final = re.compile(r"\[([^\[\]]*)\]")
SET_PART: Final = re.compile(r"([0-9])-([0-9])|([0-9])")


class PatternProblem(StrEnum):
    """What is wrong with a pattern."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CHARACTER = "character"  # none of the language's
    SET_OPEN = "set_open"  # `[` without `]`
    SET_EMPTY = "set_empty"
    SET_PART = "set_part"  # neither a digit nor a range of digits
    SET_RANGE = "set_range"  # `[5-1]`
    REST_INSIDE = "rest_inside"  # `.` not at the end


class PatternError(ValueError):
    """`problem` and the part of the pattern it is about."""

    def __init__(self, problem: PatternProblem, part: str = "") -> None:
        super().__init__(f"{problem}: {part}" if part else problem)
        self.problem = problem
        self.part = part


@lru_cache(maxsize=1_000)
def compiled(pattern: str) -> re.Pattern[str]:
    """A regular expression for the whole number. Raises PatternError.

    X any digit, Z 1 to 9, N 2 to 9, `[1-5]` and `[135]` sets, `.` at the end for one or more further characters (as in
    Asterisk); digits, `*`, `#` and `+` stand for themselves.
    """
    parts = "".join(_atoms(pattern))
    return re.compile(parts)


@lru_cache(maxsize=1_000)
def lengths(pattern: str) -> tuple[int, int | None]:
    """Characters of the shortest and the longest number it fits (None: any). Raises PatternError."""
    atoms = _atoms(pattern)
    return len(atoms), None if pattern.endswith(".") else len(atoms)


def _atoms(pattern: str) -> list[str]:
    """A piece of regular expression for each character of the number."""
    if not pattern:
        raise PatternError(PatternProblem.EMPTY)
    if len(pattern) > LONGEST:
        raise PatternError(PatternProblem.TOO_LONG)
    atoms: list[str] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "[":
            found = SET.match(pattern, place)
            if found is None:
                raise PatternError(PatternProblem.SET_OPEN, pattern[place:])
            atoms.append(_set(found[1], found[0]))
            place = found.end()
            continue
        if character == "." and place != len(pattern) - 1:
            raise PatternError(PatternProblem.REST_INSIDE)
        atoms.append(_atom(character))
        place += 1
    return atoms


def _atom(character: str) -> str:
    if character == ".":
        return "[0-9*#+]+"
    if character.upper() in CLASSES:
        return CLASSES[character.upper()]
    if character not in LITERALS:
        raise PatternError(PatternProblem.CHARACTER, character)
    return re.escape(character)


def _set(inside: str, whole: str) -> str:
    if not inside:
        raise PatternError(PatternProblem.SET_EMPTY, whole)
    place = 0
    while place < len(inside):
        found = SET_PART.match(inside, place)
        if found is None:
            raise PatternError(PatternProblem.SET_PART, whole)
        if found[1] and found[1] > found[2]:
            raise PatternError(PatternProblem.SET_RANGE, found[0])
        place = found.end()
    return f"[{inside}]"
