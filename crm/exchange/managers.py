"""Panel users as a file names them: by log-in, full name or internal number."""

from collections import defaultdict

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from crm.folding import fold
from crm.models import AddressType, ContactInfo


class Managers:
    """Everybody, read once for a pass over a file. Two queries."""

    def __init__(self) -> None:
        users = get_user_model().objects.only("username", "last_name", "first_name", "patronymic")
        self._logins: dict[str, int] = {}
        self._names: dict[str, set[int]] = defaultdict(set)
        self._usernames: dict[int, str] = {}
        for user in users:
            self._usernames[user.pk] = user.username
            self._logins[user.username.casefold()] = user.pk
            for name in (str(user), user.get_full_name(), f"{user.last_name} {user.first_name}"):
                if key := fold(name):
                    self._names[key].add(user.pk)
        self._numbers: dict[str, set[int]] = defaultdict(set)
        internal = ContactInfo.objects.filter(type=AddressType.INTERNAL, user__isnull=False).order_by()
        for number, pk in internal.values_list("e164", "user_id"):
            self._numbers[number].add(pk)

    def username(self, pk: int | None) -> str:
        """For an export."""
        return self._usernames.get(pk, "") if pk else ""

    def find(self, text: str) -> int:
        """The id of the user. Raises ValueError in words."""
        found = self._logins.get(text.casefold())
        if found is not None:
            return found
        several = self._names.get(fold(text)) or self._numbers.get(text) or set()
        if len(several) > 1:
            raise ValueError(_("Several panel users are meant by “%(text)s”: say the log-in.") % {"text": text})
        if not several:
            raise ValueError(_("There is no panel user “%(text)s”.") % {"text": text})
        return next(iter(several))
