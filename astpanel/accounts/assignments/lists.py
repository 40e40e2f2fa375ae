"""The profile's own list of users: whom an assignment is for. Changing it changes nobody's settings."""

from collections.abc import Collection

from django.db.models import QuerySet

from astpanel.accounts.assignments.preview import matching
from astpanel.accounts.models import PanelUser, Profile
from crm.models import AddressType, ContactInfo


def members(profile: Profile, query: str = "") -> QuerySet[PanelUser]:
    """Who is in the list, by name."""
    return matching(PanelUser.objects.filter(profiles=profile), query)


def others(profile: Profile, query: str = "", department: int | None = None) -> QuerySet[PanelUser]:
    """Active users who are not in it."""
    users = PanelUser.objects.filter(is_active=True).exclude(profiles=profile)
    return matching(users if department is None else users.filter(department=department), query)


def add_users(*, profile: Profile, users: Collection[int]) -> int:
    """→ how many are new in the list."""
    before = profile.users.count()
    profile.users.add(*PanelUser.objects.filter(pk__in=users).values_list("pk", flat=True))
    return profile.users.count() - before


def remove_users(*, profile: Profile, users: Collection[int]) -> int:
    """→ how many were in the list."""
    before = profile.users.count()
    profile.users.remove(*users)
    return before - profile.users.count()


def users_named(text: str) -> tuple[set[int], list[str]]:
    """Users by what was pasted: log-ins and internal numbers, between spaces, commas, semicolons or line ends.

    → their ids, and the words that mean nobody.
    """
    words = list(dict.fromkeys(text.replace("\x00", "").replace(",", " ").replace(";", " ").split()))
    found = dict(PanelUser.objects.filter(username__in=words).values_list("username", "pk"))
    numbers = ContactInfo.objects.filter(type=AddressType.INTERNAL, value__in=words, user__isnull=False)
    found |= {value: user for value, user in numbers.values_list("value", "user_id") if user is not None}
    return set(found.values()), [word for word in words if word not in found]
