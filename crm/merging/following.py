"""Customers who were told apart, when one of them is merged."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from crm.models import NotDuplicates


def follow(*, survivor: int, merged: Sequence[int]) -> list[dict[str, Any]]:
    """Within a merge: the one that is kept stands for those who go. Where nobody is left to be told from, nothing is.

    → what was changed or went: `[{"id", "members": [ids before]}]`.
    """
    through = NotDuplicates.members.through.objects
    touched = sorted(set(through.filter(counterparty__in=merged).values_list("notduplicates", flat=True)))
    if not touched:
        return []
    before: dict[int, list[int]] = {pk: [] for pk in touched}
    for pk, member in (
        through.filter(notduplicates__in=touched).order_by("counterparty").values_list("notduplicates", "counterparty")
    ):
        before[pk].append(member)
    through.filter(notduplicates__in=touched, counterparty__in=merged).delete()
    through.bulk_create(
        (through.model(notduplicates_id=pk, counterparty_id=survivor) for pk in touched), ignore_conflicts=True
    )
    left = NotDuplicates.objects.filter(pk__in=touched).annotate(left=Count("members")).order_by()
    NotDuplicates.objects.filter(pk__in=list(left.filter(left__lt=2).values_list("pk", flat=True))).delete()
    return [{"id": pk, "members": ids} for pk, ids in before.items()]
