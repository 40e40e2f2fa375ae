"""Every reason has words."""

from django.utils.translation import override

from telephony.ami.reasons import Reason
from telephony.core.reasons import LinkReason
from telephony.live.reasons import LINK_REASONS, ReasonText, link_reason


def test_every_code_has_words_and_no_words_are_without_a_code() -> None:
    assert set(LINK_REASONS) == {*Reason, *LinkReason} - {Reason.NONE}


def test_the_words_are_distinct_sentences() -> None:
    with override("en"):
        whats = [str(text.what) for text in LINK_REASONS.values()]
        assert len(set(whats)) == len(whats)
        sentences = [
            str(part) for text in LINK_REASONS.values() for part in (text.what, text.why, text.act) if str(part)
        ]
        assert [sentence for sentence in sentences if not sentence.endswith((".", "--status"))] == []


def test_an_unknown_code_stands_for_itself() -> None:
    assert link_reason("newer") == ReasonText("newer")
