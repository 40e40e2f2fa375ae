import pytest

from telephony.core import recording
from telephony.core.masking import Mask
from telephony.core.recording import EventStep, Header, LinkDownStep, LoginStep, NoteStep, ReconcileStep, Recording
from telephony.core.snapshot import PbxSnapshot

SNAPSHOT = PbxSnapshot(hints=({"Event": "ExtensionStatus", "Exten": "101", "Hint": "PJSIP/101", "Status": "0"},))
SESSION = Recording(
    Header("answer", "22.10.1", "101 calls 102, who answers.", 1763800000.25, SNAPSHOT),
    (
        EventStep(1763800001.5, {"Event": "Newchannel", "Channel": "PJSIP/101-00000001", "CallerIDName": "Иван"}),
        NoteStep(1763800002.0, "102 answers"),
        LinkDownStep(1763800003.0),
        LoginStep(1763800004.0, SNAPSHOT),
        ReconcileStep(1763800005.0, PbxSnapshot()),
    ),
)
HEADER = recording.format_header(SESSION.header)


def test_a_recording_survives_writing_and_reading() -> None:
    assert recording.parse(recording.format_recording(SESSION).splitlines()) == SESSION


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty recording"),
        ("{}", "line 1: not astpanel-recording version 1"),
        ("[]", "line 1: not an object"),
        (
            recording.format_header(SESSION.header) + '\n{"at": 1}',
            "line 2: neither event, note, link, login nor reconcile",
        ),
        (
            recording.format_header(SESSION.header) + '\n{"at": 1, "event": {"a": 1}}',
            "line 2: an event must map texts to texts",
        ),
        (HEADER + '\n\n{"event": {}}', "line 3: 'at'"),
    ],
)
def test_a_bad_line_is_named(text: str, message: str) -> None:
    with pytest.raises(recording.RecordingError) as caught:
        recording.parse(text.splitlines())
    assert str(caught.value) == message


def test_masking_hides_numbers_and_names_but_keeps_the_ids() -> None:
    mask = Mask(keep=frozenset({"74951112233"}))
    first = mask.event(
        {
            "Event": "Newchannel",
            "Channel": "Local/79161234567@internal-00000012;1",
            "Uniqueid": "1763800001.15",
            "Linkedid": "1763800001.15",
            "CallerIDNum": "+79161234567",
            "CallerIDName": "Анна Петрова",
            "Exten": "74951112233",
            "DialString": "PJSIP/89161234567@trunk",
            "ConnectedLineNum": "101",
            "ConnectedLineName": "<unknown>",
        }
    )
    assert first == {
        "Event": "Newchannel",
        "Channel": "Local/75000000001@internal-00000012;1",
        "Uniqueid": "1763800001.15",
        "Linkedid": "1763800001.15",
        "CallerIDNum": "+75000000001",
        "CallerIDName": "Name 1",
        "Exten": "74951112233",
        "DialString": "PJSIP/85000000001@trunk",
        "ConnectedLineNum": "101",
        "ConnectedLineName": "<unknown>",
    }
    assert mask.event({"Channel": "PJSIP/101-00000003", "CallerIDNum": "4957654321"}) == {
        "Channel": "PJSIP/101-00000003",
        "CallerIDNum": "5000000002",
    }
    assert mask.step(NoteStep(1.0, "x")) == NoteStep(1.0, "x")
