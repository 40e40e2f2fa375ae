"""Versions as Asterisk, Debian, FreePBX and the certified branch write them."""

from datetime import date

import pytest

from telephony.check.versions import AsteriskVersion, can_run_code, ended, parse

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "version", "dangerous", "end"),
    [
        ("22.10.1~dfsg+~cs6.16.60671435-1", AsteriskVersion((22, 10, 1)), False, None),
        ("16.28.0~dfsg-0+deb11u4", AsteriskVersion((16, 28, 0)), True, date(2023, 10, 9)),
        ("18.24.1", AsteriskVersion((18, 24, 1)), True, date(2025, 10, 20)),
        ("18.24.2", AsteriskVersion((18, 24, 2)), False, date(2025, 10, 20)),
        ("20.9.1", AsteriskVersion((20, 9, 1)), True, None),
        ("20.9.2(20.9.2)", AsteriskVersion((20, 9, 2)), False, None),
        ("20.10.0", AsteriskVersion((20, 10, 0)), False, None),
        ("21.4.2", AsteriskVersion((21, 4, 2)), False, date(2025, 10, 18)),
        ("19.8.1", AsteriskVersion((19, 8, 1)), True, date(2023, 11, 2)),
        ("certified/18.9-cert10", AsteriskVersion((18, 9), certified=10), True, date(2025, 10, 20)),
        ("certified-18.9-cert11", AsteriskVersion((18, 9), certified=11), False, date(2025, 10, 20)),
        ("certified/20.7-cert1", AsteriskVersion((20, 7), certified=1), True, None),
        ("certified/20.7-cert3", AsteriskVersion((20, 7), certified=3), False, None),
        ("GIT-20-abc1234", AsteriskVersion((20,), development=True), None, None),
        ("GIT-master-abc1234", AsteriskVersion((), development=True), None, None),
        ("1.8.32.3", AsteriskVersion((1, 8, 32)), True, date(2017, 10, 25)),
        ("", AsteriskVersion(), None, None),
        ("<script>", AsteriskVersion(), None, None),
    ],
)
def test_a_version(text: str, version: AsteriskVersion, dangerous: bool | None, end: date | None) -> None:
    assert (parse(text), can_run_code(parse(text)), ended(parse(text), TODAY)) == (version, dangerous, end)
