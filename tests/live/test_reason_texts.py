"""Every code has words."""

from itertools import chain

from telephony.core.reasons import CommandReason
from telephony.live.edge_reasons import EdgeReason
from telephony.live.reason_texts import TEXTS, text_of
from telephony.rules import Refusal


def test_every_code_has_words() -> None:
    assert [code for code in chain(Refusal, CommandReason, EdgeReason) if code and code not in TEXTS] == []


def test_words() -> None:
    assert [text_of(code, "en") for code in ("", "own_number", "gateway_lost", "code_of_the_future")] == [
        "",
        "This is your own number.",
        "The gateway to the PBX does not answer.",
        "code_of_the_future",
    ]
