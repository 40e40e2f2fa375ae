"""What waits for the transfer."""

from crm.models import CustomerSource, PendingTransfer


def waiting_count(source: CustomerSource | None) -> int:
    """Numbers that the source does not have yet."""
    if source is None or source.pk is None:
        return 0
    return PendingTransfer.objects.filter(source=source, state=PendingTransfer.State.WAITING).count()
