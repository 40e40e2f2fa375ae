"""One writer for each PBX: the lease (docs/adr/0004-one-writer-with-a-lease.md).

All comparisons use the database's clock, so that gateways on machines with different clocks agree. The functions below
are synchronous and run in a `DatabaseThread`.
"""

import os
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from telephony.models import GatewayLease

TTL: Final = 6.0  # seconds without renewal after which a standby takes over
RENEW_EVERY: Final = 2.0


class LeaseLostError(Exception):
    """Another gateway has taken over: this one writes nothing more."""


def holder_name() -> str:
    """host:pid:unique, at most 100 characters: unique, and an administrator can find the process by it."""
    unique = uuid.uuid4().hex[:12]
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{unique}"


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that was held when this value was made; `epoch` grows by one with each take-over."""

    pbx_id: int
    holder: str
    epoch: int

    @property
    def name(self) -> str:
        """The epoch of the live protocol: other after each start and each take-over."""
        return f"g{self.epoch}-{self.holder.rsplit(':', 1)[-1]}"

    def guard(self) -> None:
        """Inside a transaction: raises LeaseLostError unless we hold it; a take-over waits until the commit.

        PostgreSQL locks the row; SQLite's IMMEDIATE transactions exclude each other anyway.
        """
        rows = GatewayLease.objects.select_for_update().filter(pbx_id=self.pbx_id, holder=self.holder, epoch=self.epoch)
        if not rows.values_list("pk", flat=True)[:1]:
            raise LeaseLostError(f"epoch {self.epoch} of {self.holder} is over")

    def renew(self, status: Mapping[str, Any], *, ttl: float = TTL) -> None:
        """Hold it for another `ttl` seconds, also when it has run out and nobody came. Raises LeaseLostError."""
        mine = GatewayLease.objects.filter(pbx_id=self.pbx_id, holder=self.holder, epoch=self.epoch)
        if not mine.update(expires=_from_now(ttl), status=dict(status)):
            raise LeaseLostError(f"epoch {self.epoch} of {self.holder} is over")

    def release(self, status: Mapping[str, Any]) -> None:
        """Let a standby take over at once; nothing when it is no longer ours.

        A second ago, not now: SQLite writes `05.123` and `05.123000` for one moment and compares them as texts.
        """
        mine = GatewayLease.objects.filter(pbx_id=self.pbx_id, holder=self.holder, epoch=self.epoch)
        mine.update(expires=_from_now(-1), status=dict(status))


def take(pbx_id: int, holder: str, *, ttl: float = TTL) -> Lease | None:
    """Take the lease if it is free or has run out; None while somebody else holds it."""
    first = GatewayLease(pbx_id=pbx_id, holder="", epoch=0, expires="1970-01-01T00:00:00+00:00")
    GatewayLease.objects.bulk_create([first], ignore_conflicts=True)
    expired = GatewayLease.objects.filter(pbx_id=pbx_id, expires__lte=Now())
    if not expired.update(holder=holder, epoch=F("epoch") + 1, expires=_from_now(ttl), status={}):
        return None
    epoch = GatewayLease.objects.filter(pbx_id=pbx_id, holder=holder).values_list("epoch", flat=True).first()
    return None if epoch is None else Lease(pbx_id, holder, epoch)


def _from_now(seconds: float) -> "ExpressionWrapper[CombinedExpression]":
    return ExpressionWrapper(Now() + Value(timedelta(seconds=seconds)), output_field=DateTimeField())
