"""Which Asterisk is this, is it still mended by anybody, and can an account with `originate` run code on it?"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

# The first versions with the mend of CVE-2024-42365; certified branches count by their own number.
_MENDED: Final = {18: (18, 24, 2), 20: (20, 9, 2), 21: (21, 4, 2)}
_MENDED_CERTIFIED: Final = {(18, 9): 11, (20, 7): 2}
_FIRST_NEVER_CONCERNED: Final = 22

END_OF_LIFE: Final = {  # the Asterisk project's table of releases: no mends at all from that day on
    11: date(2017, 10, 25),
    13: date(2021, 10, 24),
    14: date(2018, 9, 26),
    15: date(2019, 10, 3),
    16: date(2023, 10, 9),
    17: date(2021, 10, 28),
    18: date(2025, 10, 20),
    19: date(2023, 11, 2),
    20: date(2027, 10, 19),
    21: date(2025, 10, 18),
    22: date(2029, 10, 16),
    23: date(2027, 10, 15),
}
_CERTIFIED: Final = re.compile(r"certified[/-](\d+)\.(\d+)-cert(\d+)", re.IGNORECASE)
_DEVELOPMENT: Final = re.compile(r"(?:GIT|SVN)-(?:branch-)?(?:(\d{1,2})(?=[-.]|\Z))?", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class AsteriskVersion:
    """`numbers` is as much as is known: (22, 10, 1), (20,) of a build from git, () if nothing can be read."""

    numbers: tuple[int, ...] = ()
    certified: int | None = None  # 3 of "certified/20.7-cert3"
    development: bool = False  # built from a branch: its number does not tell which mends it holds

    @property
    def major(self) -> int | None:
        """22 of 22.10.1."""
        return self.numbers[0] if self.numbers else None


def parse(text: str) -> AsteriskVersion:
    """`22.10.1~dfsg-1`, `certified/20.7-cert3`, `GIT-20-abc123`, FreePBX's `20.9.2(20.9.2)`."""
    if found := _CERTIFIED.search(text):
        return AsteriskVersion((int(found[1]), int(found[2])), certified=int(found[3]))
    if found := _DEVELOPMENT.match(text):
        return AsteriskVersion((int(found[1]),) if found[1] else (), development=True)
    if found := _NUMBERS.search(text):
        return AsteriskVersion(tuple(int(part) for part in found.groups() if part is not None))
    return AsteriskVersion()


def can_run_code(version: AsteriskVersion) -> bool | None:
    """CVE-2024-42365: an AMI account with `originate` can write files and so run code. None: the number does not tell.

    A distribution may have mended an old number by itself; that cannot be seen from outside.
    """
    major = version.major
    if major is None:
        return None
    if major >= _FIRST_NEVER_CONCERNED:
        return False
    if version.certified is not None:
        branch = version.numbers[:2]
        return branch not in _MENDED_CERTIFIED or version.certified < _MENDED_CERTIFIED[branch]
    if major not in _MENDED:
        return True
    if version.development or len(version.numbers) < 2:
        return None
    return version.numbers < _MENDED[major]


def ended(version: AsteriskVersion, today: date) -> date | None:
    """The day since which nobody mends this version any more; None while somebody does, or if it is not known."""
    if version.major is None:
        return None
    if version.major < min(END_OF_LIFE):
        return END_OF_LIFE[min(END_OF_LIFE)]
    day = END_OF_LIFE.get(version.major)
    return day if day is not None and day <= today else None
