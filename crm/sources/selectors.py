"""What is read about the source of customers."""

from crm.models import CustomerSource
from crm.sources.odata import Connection
from crm.sources.registry import CONFIGURATIONS
from crm.sources.signature import Identification, Verdict


def current_source(*, for_update: bool = False) -> CustomerSource | None:
    """The system that holds the customers; None before it was chosen. `for_update`: locked, in a transaction."""
    rows = CustomerSource.objects.order_by("id")
    return (rows.select_for_update() if for_update else rows).first()


def connection_of(source: CustomerSource) -> Connection:
    """How to reach it."""
    return Connection(source.url, source.username, source.password, source.tls_verify)


def identification_of(source: CustomerSource) -> Identification | None:
    """What the last identification found; None when there was none, or it is of a version that kept it differently."""
    kept = source.evidence
    try:
        return Identification(
            verdict=Verdict(kept["verdict"]),
            candidates=tuple(code for code in kept["candidates"] if code in CONFIGURATIONS),
            host=str(kept["host"]),
            missing=tuple(str(path) for path in kept["missing"]),
            objects=int(kept["objects"]),
            problem=str(kept["problem"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
