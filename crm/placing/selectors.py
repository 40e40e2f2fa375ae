"""What has been placed: the journal, newest first."""

from django.db.models import QuerySet

from crm.models import NumberPlacement


def placements(
    *, by: int | None = None, owner: tuple[str, int] | None = None, limit: int = 20
) -> list[NumberPlacement]:
    """Of one user, or of one customer (`("counterparty", 5)`: its persons' too). One query."""
    rows: QuerySet[NumberPlacement] = NumberPlacement.objects.select_related("by", "undone_by")
    if by is not None:
        rows = rows.filter(by=by)
    if owner is not None:
        rows = rows.filter(**{f"{owner[0]}_id": owner[1]})
    return list(rows.defer("before", "after")[:limit])
