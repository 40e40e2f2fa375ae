"""Finding a user by name, log-in or any part of a number, however it is typed."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import smart_split, unescape_string_literal

from astpanel.accounts.models import PanelUser
from astpanel.lib.phone_numbers import clean_text, digits_of
from crm.models import AddressType, ContactInfo

NAMES = ("last_name", "first_name", "patronymic", "username")
SHORTEST_WITH_TRUNK = 5  # digits: from here on a leading 8 or 7 may be the trunk prefix or the country


def search_users(users: QuerySet[PanelUser], text: str) -> QuerySet[PanelUser]:
    """Users whom every word fits; a text without letters is one number: `8 (916) 111` finds +7 916 111-22-33."""
    text = clean_text(text)
    digits = digits_of(text)
    if digits and not any(character.isalpha() for character in text):
        return users.filter(_number(digits) | Q(username__contains=text))
    for word in smart_split(text):
        if word[0] in "\"'" and word[0] == word[-1] and len(word) > 1:
            word = unescape_string_literal(word)  # noqa: PLW2901 - as Django's own search does
        fits = _contact(Q(value__icontains=word))
        for name in NAMES:
            fits |= Q(**{f"{name}__icontains": word})
        if digits := digits_of(word):
            fits |= _number(digits)
        users = users.filter(fits)
    return users


def _number(digits: str) -> Q:
    """Internal numbers hold the digits; outside ones in E.164, so with and without the 8 or the 7 in front."""
    parts = {digits}
    if len(digits) >= SHORTEST_WITH_TRUNK and digits[0] in "78":
        parts.add(digits[1:])
    fits = Q()
    for part in parts:
        fits |= Q(type__in=[AddressType.INTERNAL, AddressType.PHONE], e164__contains=part)
    return _contact(fits)


def _contact(fits: Q) -> Q:
    return Q(Exists(ContactInfo.objects.filter(fits, user=OuterRef("pk"))))
