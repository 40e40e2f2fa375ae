"""What the rows of one file are compared with, read once, and what the rows before have claimed."""

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from astpanel.accounts.licensing.services import protection
from astpanel.accounts.models import Department, PanelUser, Profile
from astpanel.accounts.roles import touchable_by
from astpanel.accounts.selectors import with_supervisor_right
from crm.models import ContactInfoKind
from crm.services import internal_kind
from telephony.models import Pbx

NAMED: dict[str, type[Model]] = {"department": Department, "pbx": Pbx, "profile": Profile}


class ImportContext:
    """For one pass over the rows: a check, or the writing. `row` and `line` are those of the moment."""

    def __init__(self, *, by: PanelUser, usernames: Collection[str]) -> None:
        self.by = by
        users = with_supervisor_right(PanelUser.objects.filter(username__in=usernames)).select_related("pbx")
        self._users = {user.username: user for user in users}
        self._touchable = set(touchable_by(by, PanelUser.objects.filter(username__in=usernames)).values_list("pk"))
        self._holders = {user.pk for user in self._users.values() if user.in_use and user.is_active}
        self._named: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, list[tuple[int | None, str, int]]] = defaultdict(list)
        self._usernames: dict[str, int] = {}
        self.row: dict[str, str] = {}
        self.line = 0

    def user(self, username: str) -> PanelUser | None:
        """Who has this log-in already."""
        return self._users.get(username)

    def may_touch(self, user: PanelUser) -> bool:
        """May the importing administrator change this user?"""
        return (user.pk,) in self._touchable

    def held_seat(self, user: PanelUser) -> bool:
        """Before the row was read into the user."""
        return user.pk in self._holders

    def supervises(self, user: PanelUser) -> bool:
        """As it was before the import."""
        return bool(getattr(user, "supervises", False))

    def named(self, kind: str, name: str) -> Any:
        """The department, PBX or profile of this name, in any case; a new department is a row not yet saved.

        Raises ValueError in words when there is none.
        """
        rows = self._rows(kind)
        found = rows.get(name.casefold())
        if found is None and kind == "department":
            found = rows[name.casefold()] = Department(name=name)
            try:
                found.full_clean()
            except ValidationError as error:
                raise ValueError(" ".join(error.messages)) from None
        if found is None:
            names = ", ".join(str(row) for row in rows.values()) or "—"
            raise ValueError(_("There is no “%(name)s”; there are: %(names)s.") % {"name": name, "names": names})
        return found

    def forget_new(self) -> None:
        """A row was rolled back: the department that it made is not there."""
        self._named.pop("department", None)

    def _rows(self, kind: str) -> dict[str, Any]:
        if kind not in self._named:
            self._named[kind] = {str(row).casefold(): row for row in NAMED[kind]._default_manager.all()}
        return self._named[kind]

    @cached_property
    def only_pbx(self) -> Pbx | None:
        """The PBX, where there is one only."""
        rows = list(self._rows("pbx").values())
        return rows[0] if len(rows) == 1 else None

    @cached_property
    def internal_kind(self) -> ContactInfoKind:
        """«Внутренний»."""
        return internal_kind()

    @cached_property
    def mobile_kind(self) -> ContactInfoKind | None:
        """The first kind of users' mobile numbers."""
        return ContactInfoKind.objects.filter(owner=ContactInfoKind.Owner.USER, is_mobile=True).first()

    @cached_property
    def seats_free(self) -> int:
        """Seats that the rows so far have left; negative when there are not enough."""
        return protection(now=timezone.now()).seats_free

    def take_seat(self) -> bool:
        """One more row wants a seat: is there one?"""
        self.seats_free -= 1
        return self.seats_free >= 0

    def same_username(self) -> int | None:
        """The line of an earlier row with the log-in of this one."""
        first = self._usernames.setdefault(self.row["username"], self.line)
        return None if first == self.line else first

    def same_number(self, pbx_id: int | None, number: str, username: str) -> int | None:
        """The line of an earlier row whose user would have the number on the same PBX, or on each."""
        for other_pbx, other_user, line in self._numbers[number]:
            if other_user != username and (None in {pbx_id, other_pbx} or pbx_id == other_pbx):
                return line
        self._numbers[number].append((pbx_id, username, self.line))
        return None
