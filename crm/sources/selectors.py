"""What is read about the source of customers."""

from crm.models import CustomerSource
from crm.sources.odata import Connection


def current_source() -> CustomerSource | None:
    """The system that holds the customers; None before it was chosen."""
    return CustomerSource.objects.order_by("id").first()


def connection_of(source: CustomerSource) -> Connection:
    """How to reach it."""
    return Connection(source.url, source.username, source.password, source.tls_verify)
