"""What an administrator enters before the portal can be used: the PBX, the people, a customer; and the call records."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from django.db.models import QuerySet
from pytest_django import DjangoDbBlocker

from astpanel.accounts.services import create_user
from telephony.models import CallParticipant, CallRecord, Pbx
from tests.databases import use_database
from tests.e2e.people import PASSWORD
from tests.factories import ContactPersonFactory
from tests.licences import give_key
from tests.pbx.asterisk import Asterisk

AMI_ACCOUNT: Final = "astpanel"  # of deploy/asterisk/manager_one.conf, as it is shipped
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Database:
    """The portal's database, used from the process of the test."""

    url: str
    blocker: DjangoDbBlocker

    def run(self, work: Callable[[], T]) -> T:
        """In a thread: the event loop of the browser's driver runs in the test's own, and there Django refuses."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._run, work).result()

    def _run(self, work: Callable[[], T]) -> T:
        with self.blocker.unblock(), use_database(self.url):
            return work()


def people(pbx: Pbx) -> None:
    """Whose phones 101, 102, 103 and 105 are, and one customer whose number is known."""
    give_key()
    create_user(username="operator", password=PASSWORD, pbx=pbx, number="101", last_name="Петрова", first_name="Ольга")
    create_user(username="colleague", password=PASSWORD, pbx=pbx, number="102", last_name="Орлова", first_name="Инна")
    create_user(username="gusev", password="", pbx=pbx, number="103", last_name="Гусев", first_name="Глеб")
    supervisor = {"last_name": "Сидоров", "first_name": "Павел", "supervisor": True}
    create_user(username="supervisor", password=PASSWORD, pbx=pbx, number="105", **supervisor)  # type: ignore[arg-type]  # a mixed dict
    ContactPersonFactory(name="Лугов Пётр", counterparty__name="ООО «Ромашка»", phone="8 (916) 123-45-67")


def plain_account(asterisk: Asterisk) -> Pbx:
    """TCP, the shipped account."""
    where = {"host": asterisk.host, "port": asterisk.ports.ami}
    return Pbx(name="office", username=AMI_ACCOUNT, secret=asterisk.secret, **where)


def tls_account(asterisk: Asterisk) -> Pbx:
    """The same over TLS, the certificate checked against its authority."""
    pbx = plain_account(asterisk)
    pbx.port, pbx.tls, pbx.tls_verify = asterisk.ports.ami_tls, True, True
    pbx.tls_ca = (asterisk.inside / "keys/ca.crt").read_text()
    return pbx


def last_call() -> int:
    """Id of the newest call record, 0 without any."""
    return CallRecord.objects.order_by("-id").values_list("id", flat=True).first() or 0


def rows(after: int) -> list[str]:
    """Every call record with a larger id and its legs, a line each; times only where they are odd."""
    return [line for call in _calls(after) for line in (_call(call), *_legs(call), *_oddities(call))]


def participants(after: int) -> list[str]:
    """Who took part in those calls, a line each; times only where they are odd."""
    return [_participant(call, part) for call in _calls(after) for part in call.participants.all()]


def _calls(after: int) -> QuerySet[CallRecord]:
    return CallRecord.objects.filter(id__gt=after).order_by("id").prefetch_related("participants", "legs")


def _call(call: CallRecord) -> str:
    outside = f" ({call.outside_e164})" if call.outside_e164 else ""
    who = f"{_who(call.caller_number, call.caller_name)} -> {call.called_number}"
    return f"{call.direction} {call.disposition}/{call.hangup_reason}: {who}{outside}"


def _legs(call: CallRecord) -> Iterator[str]:
    for leg in call.legs.all():
        answered = ", answered" if leg.answered else ""
        yield f"leg {leg.channel.rpartition('-')[0]} {leg.number}{answered}, cause {leg.cause}"


def _participant(call: CallRecord, part: CallParticipant) -> str:
    words = [f"{part.role} {_who(part.number, part.name)}", "extension" if part.is_extension else "outside"]
    words += ["rang"] * part.rang + ["talked"] * bool(part.joined)
    if _end_was_seen(call):
        stayed = (part.left - part.joined).total_seconds() if part.left and part.joined else 0.0
        if (part.started, part.joined) != (call.started, call.answered) or not _near(stayed, call.talk_seconds):
            words += [f"odd: joined {part.joined}, left {part.left}, call answered {call.answered}"]
        if not _near(part.talk_seconds, call.talk_seconds):
            words += [f"odd: talked {part.talk_seconds} of {call.talk_seconds}"]
    return ", ".join(words)


def _who(number: str, name: str) -> str:
    return f"{number} {name}".rstrip()


def _end_was_seen(call: CallRecord) -> bool:
    return call.disposition not in {call.Disposition.IN_PROGRESS, call.Disposition.INTERRUPTED}


def _oddities(call: CallRecord) -> Iterator[str]:
    """What does not fit in the times of a call of two parties: waiting and talking make up the whole."""
    ended = call.ended
    if (ended is None) != (call.disposition == call.Disposition.IN_PROGRESS):
        yield f"odd: ended {ended}"
    if ended is None:
        return
    began = call.answered or ended
    if not call.started <= began <= ended or not _near(call.wait_seconds, (began - call.started).total_seconds()):
        yield f"odd: {call.started} {call.answered} {ended}, waited {call.wait_seconds}"
    if not _end_was_seen(call):
        return
    if not _near(call.talk_seconds, (ended - began).total_seconds()):
        yield f"odd: {call.started} {call.answered} {ended}, talked {call.talk_seconds}"
    for leg in call.legs.all():
        if leg.ended is None or not leg.started <= (leg.answered or leg.ended) <= leg.ended <= ended:
            yield f"odd: {leg.channel} {leg.started} {leg.answered} {leg.ended}"


def _near(one: float, other: float) -> bool:
    """The same but for the moments between the ends of two legs."""
    return abs(one - other) < 0.5
