"""The rows that a draft changes, written one by one: each change is in the audit, the last main row wins."""

from collections.abc import Iterable

from crm.models import AddressType, ContactInfo, ContactInfoKind
from crm.placing.locks import Customer
from crm.placing.rows import Change, Changed, Created, Deleted
from crm.placing.targets import FIRST_KIND


def write(changes: Iterable[Change], owner: str, customer: Customer) -> None:
    """Deletions first, then rows that are main no longer, then the rest: there is never a second main row.

    The rows are locked by the caller. Raises ValidationError for a value that does not fit its kind.
    """
    rows = {row.pk: row for row in ContactInfo.objects.filter(**{owner: customer})}
    for change in sorted(changes, key=_order):
        match change:
            case Deleted(pk):
                rows[pk].delete()
            case Changed(pk, kind, value, is_main):
                row = rows[pk]
                same = (row.kind_id, row.value) == (kind, value)
                row.kind_id, row.value, row.is_main = kind, value, is_main
                _save(row, check=not same)
            case Created(kind, value, is_main):
                made = kind or first_kind(owner).pk
                _save(ContactInfo(**{owner: customer}, kind_id=made, value=value, is_main=is_main), check=True)


def first_kind(owner: str) -> ContactInfoKind:
    """For phones, made in an office that has none yet."""
    kind, _made = ContactInfoKind.objects.get_or_create(
        owner=owner, name=FIRST_KIND, defaults={"type": AddressType.PHONE}
    )
    return kind


def take_away(rows: Iterable[ContactInfo]) -> None:
    """The rows are deleted; an owner who loses the main one gets the next of the type as the main one."""
    for row in rows:
        row.delete()
        if not row.is_main or row.owner_field is None:
            continue
        owner = f"{row.owner_field}_id"
        rest = ContactInfo.objects.filter(**{owner: getattr(row, owner), "type": row.type})
        following = rest.order_by("kind__order", "kind__name", "id").first()
        if following is not None:
            following.is_main = True
            following.save()


def _order(change: Change) -> tuple[int, bool]:
    match change:
        case Deleted():
            return 0, False
        case Changed():
            return 1, change.is_main
        case Created():
            return 2, change.is_main


def _save(row: ContactInfo, *, check: bool) -> None:
    """What somebody has not touched is not judged now: it may be older than the rules."""
    if check:
        row.clean_fields()
        row.clean()
    row.save()
