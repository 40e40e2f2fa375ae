"""One pop-up for each (user, call), whatever tabs and devices are open: who shows it holds a lease in the database.

The first device that asks gets it, renews it while the phone rings, and gives it up when its page closes. A device that
went to sleep with it, or lost the network, loses it when it expires: the next one that asks goes on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from telephony.models import PopupClaim

LEASE: Final = timedelta(seconds=5)
RENEW_EVERY: Final = timedelta(seconds=2)  # two of them may get lost
KEPT: Final = timedelta(hours=1)  # after it has expired
LONGEST_CALL: Final = 150
LONGEST_DEVICE: Final = 64


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to one device."""

    mine: bool
    again_in: float  # seconds until it asks again, while it rings


def claim(*, user_id: int, pbx_id: int, call: str, device: str, now: datetime) -> Claim:
    """Take the pop-up of a call, or keep it. Of any number of devices at the same moment one gets it.

    Each step is one statement that the database decides: a guarded UPDATE takes what is mine or has expired, an INSERT
    that steps back takes what nobody has had yet.
    """
    until = now + LEASE
    row = _of(user_id, pbx_id, call)
    if row.filter(Q(device=device) | Q(expires__lte=now)).update(device=device, expires=until):
        return _mine()
    if not row.exists():
        new = PopupClaim(user_id=user_id, pbx_id=pbx_id, linkedid=call, device=device, expires=until)
        PopupClaim.objects.bulk_create([new], ignore_conflicts=True)
    holder = row.values_list("device", "expires").first()
    if holder is None:  # pruned this moment
        return Claim(mine=False, again_in=0.1)
    return _mine() if holder[0] == device else Claim(mine=False, again_in=_wait(holder[1] - now))


def give_up(*, user_id: int, pbx_id: int, call: str, device: str, now: datetime) -> None:
    """The page closes while it rings: another device may go on at once."""
    _of(user_id, pbx_id, call).filter(device=device).update(expires=now)


def prune(*, now: datetime) -> int:
    """Forget calls that have long stopped ringing → how many."""
    return PopupClaim.objects.filter(expires__lt=now - KEPT).delete()[0]


def well_formed(call: str, device: str) -> bool:
    """Within the limits of the table, and nothing that does not print."""
    fits = 0 < len(call) <= LONGEST_CALL and 0 < len(device) <= LONGEST_DEVICE
    return fits and call.isprintable() and device.isascii() and device.isalnum()


def _of(user_id: int, pbx_id: int, call: str) -> QuerySet[PopupClaim]:
    return PopupClaim.objects.filter(user_id=user_id, pbx_id=pbx_id, linkedid=call)


def _mine() -> Claim:
    return Claim(mine=True, again_in=RENEW_EVERY.total_seconds())


def _wait(left: timedelta) -> float:
    """Soon after the lease may have ended, and sooner in case the page that holds it is closed."""
    return round(max(0.1, min(left, RENEW_EVERY).total_seconds()), 2)
