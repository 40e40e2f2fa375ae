"""What the rules of telephony/rules.py must know of a user, read from the database."""

from collections.abc import Iterable
from typing import Final

from channels.db import database_sync_to_async
from django.utils import timezone

from astpanel.accounts.licensing.access import Bar, bars
from astpanel.accounts.models import SUPERVISE, PanelUser
from astpanel.accounts.selectors import internal_numbers, with_internal_numbers
from telephony.models import Pbx
from telephony.rules import Refusal, UserFacts

LICENCES: Final = {Bar.NONE: Refusal.NONE, Bar.CLOSED: Refusal.LICENCE_ENDED, Bar.NO_SEAT: Refusal.NO_SEAT}


def load_facts(user_ids: Iterable[int]) -> dict[int, UserFacts]:
    """Facts of many users in four queries; users that are gone are missing.

    Once a minute (astpanel/accounts/licensing/access.py) three more for the licence keys.
    """
    licences = bars(now=timezone.now())
    users = list(with_internal_numbers(PanelUser.objects.filter(id__in=set(user_ids))))
    ids = [user.id for user in users]
    supervise = PanelUser.objects.with_perm(
        SUPERVISE, backend="django.contrib.auth.backends.ModelBackend", is_active=True
    )
    supervisors = set(supervise.filter(id__in=ids).values_list("id", flat=True))
    enabled = set(Pbx.objects.filter(enabled=True).values_list("id", flat=True))
    only = next(iter(enabled)) if len(enabled) == 1 else None
    return {
        user.id: UserFacts(
            id=user.id,
            active=user.is_active,
            in_use=user.in_use,
            supervisor=user.id in supervisors,
            pbx_id=only if user.pbx_id is None else (user.pbx_id if user.pbx_id in enabled else None),
            numbers=frozenset(internal_numbers(user)),
            licence=LICENCES[licences.of(user.id)],
        )
        for user in users
    }


async def aload_facts(user_id: int) -> UserFacts | None:
    """Facts of one user, read in a worker thread; None: no such user."""
    return (await database_sync_to_async(load_facts)([user_id])).get(user_id)
