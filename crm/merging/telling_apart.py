"""«Не дубликаты»: customers that are not proposed for a merge any more, and back."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Prefetch

from astpanel.lib.phone_numbers import readable
from crm.merging.duplicates import BY_NUMBER, members
from crm.merging.selectors import MOST
from crm.merging.services import ChangedError
from crm.models import Counterparty, NotDuplicates

MOST_APART: Final = 1_000  # members; a larger group is nothing that anybody has looked at
PAGE: Final = 20  # of them in the list


@transaction.atomic
def tell_apart(*, by: str, key: str, seen: Sequence[int], count: int, who: Any) -> NotDuplicates:
    """The group (`by`, `key`: as in `duplicates.Group`) is not proposed any more. Raises ChangedError.

    `seen`, `count`: the members that were shown and how many there were; others now: nothing is written. They are
    locked as a merge locks them: of the two, the second sees what the first did.
    """
    ids = members(by, key)
    list(Counterparty.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    ids = members(by, key)  # as whoever held the lock left them
    if not 1 < count <= MOST_APART or len(ids) != count or ids[:MOST] != sorted(seen):
        raise ChangedError
    shared = readable(key) if by == BY_NUMBER else Counterparty.objects.get(pk=ids[0]).name
    told = NotDuplicates.objects.create(shared=shared, by=who)
    told.members.set(ids)
    return told


def take_back(*, pk: int) -> bool:
    """They are proposed again. False: somebody else did that already."""
    return NotDuplicates.objects.filter(pk=pk).delete()[0] > 0


def told_apart(*, before: int | None = None) -> tuple[list[Any], int | None]:
    """A page, the last first, and the id its successor ends before. Rows have `shown` (members) and `count`."""
    found = NotDuplicates.objects.select_related("by").annotate(count=Count("members")).order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    shown = Counterparty.objects.order_by("pk")[:MOST]
    rows = list(found.prefetch_related(Prefetch("members", shown, to_attr="shown"))[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None
