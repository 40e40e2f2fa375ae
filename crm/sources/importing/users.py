"""Users of the source: read, matched to panel users, and what follows for responsible managers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from crm.folding import fold
from crm.models import Counterparty, CustomerSource, SourceRow, SourceUser
from crm.sources.client import OneC
from crm.sources.field_map import REGISTER, TABULAR, FieldMap, Users
from crm.sources.importing.mirrored import one_line, reference
from crm.sources.importing.plan import PRESENT, of_owners, of_types, register_select
from crm.sources.importing.rows import chunks

FULL: Final = 3  # words: surname, name, patronymic


@dataclass(frozen=True, slots=True)
class TheirUser:
    """A row of the catalogue of users or employees."""

    ref: str
    name: str
    email: str = ""


def read_users(onec: OneC, field_map: FieldMap) -> list[TheirUser]:
    """All of them that are not marked for deletion. Raises NoAccessError."""
    emails = _emails_of_register(onec, field_map)
    return [user for part in field_map.users for user in _of_part(onec, part, field_map, emails)]


def _of_part(onec: OneC, part: Users, field_map: FieldMap, emails: Mapping[str, str]) -> Iterator[TheirUser]:
    section = part.section if field_map.contacts.storage == TABULAR else ""
    select = [name for name in ("Ref_Key", part.name, section) if name]
    for page in onec.pages(part.entity, select=select, filter=PRESENT):
        for row in page:
            ref, name = reference(row.get("Ref_Key")), one_line(row.get(part.name))
            if ref and name:
                yield TheirUser(ref, name, _email_of(row.get(section), field_map) or emails.get(ref, ""))


def _email_of(section: Any, field_map: FieldMap) -> str:
    contacts = field_map.contacts
    for line in section if isinstance(section, list) else ():
        if isinstance(line, Mapping) and line.get(contacts.type) in contacts.emails:
            return one_line(line.get(contacts.email) or line.get(contacts.number))
    return ""


def _emails_of_register(onec: OneC, field_map: FieldMap) -> dict[str, str]:
    contacts = field_map.contacts
    if contacts.storage != REGISTER or not contacts.owner_type or not field_map.users:
        return {}
    entities = tuple(part.entity for part in field_map.users)
    filter_ = f"{of_types(contacts, contacts.emails)} and {of_owners(contacts, entities)}"
    pages = onec.pages(
        contacts.entity, select=register_select(contacts), filter=filter_, key="", orderby=contacts.owner
    )
    rows = [row for page in pages for row in page]
    return {reference(row.get(contacts.owner)): one_line(row.get(contacts.number)) for row in rows}


class Matching:
    """Panel users by e-mail, then by their full name in any order of its words; nobody when two would fit.

    A patronymic counts where both have one.
    """

    def __init__(self) -> None:
        users: Iterable[Any] = get_user_model().objects.filter(is_active=True)
        self._by_email: dict[str, set[int]] = defaultdict(set)
        self._by_name: dict[frozenset[str], set[int]] = defaultdict(set)
        self._short: dict[frozenset[str], set[int]] = defaultdict(set)
        for user in users:
            if user.email:
                self._by_email[fold(user.email)].add(user.pk)
            if not (user.last_name and user.first_name):
                continue
            pair = _words(f"{user.last_name} {user.first_name}")
            for words in {pair, pair | _words(user.patronymic)}:
                self._by_name[words].add(user.pk)
            if not user.patronymic:
                self._short[pair].add(user.pk)

    def of(self, name: str, email: str) -> int | None:
        """The id of the panel user."""
        words = _words(name)
        by_email = self._by_email.get(fold(email), set()) if email else set()
        shorter = [self._short.get(words - {word}, set()) for word in words] if len(words) == FULL else []
        for found in (by_email, self._by_name.get(words, set()), set().union(*shorter)):
            if len(found) == 1:
                return next(iter(found))
        return None


def _words(name: str) -> frozenset[str]:
    return frozenset(fold(name).split())


@transaction.atomic
def take_over_users(*, source: CustomerSource, theirs: Iterable[TheirUser]) -> tuple[dict[str, int], list[str]]:
    """SourceUser as the source has them now → outcomes, and the references of those who are matched to others now.

    Whoever was matched by hand stays so.
    """
    known = {row.external_ref: row for row in SourceUser.objects.filter(source=source)}
    matching, counts = Matching(), dict.fromkeys(("created", "changed", "same", "gone", "refused"), 0)
    created, changed, rematched = [], [], []
    seen = set()
    for user in theirs:
        if user.ref in seen:
            continue
        seen.add(user.ref)
        row = known.get(user.ref)
        if row is None:
            row = SourceUser(source=source, external_ref=user.ref)
            created.append(row)
        before = (row.name, row.email, row.user_id, row.gone)
        row.name, row.email, row.gone = user.name, user.email, False
        if not row.by_hand:
            row.user_id = matching.of(user.name, user.email)
        if row.pk is not None and before != (row.name, row.email, row.user_id, row.gone):
            changed.append(row)
        if before[2] != row.user_id:
            rematched.append(row.external_ref)
    gone = [row for ref, row in known.items() if ref not in seen and not row.gone]
    for row in gone:
        row.gone = True
    SourceUser.objects.bulk_create(created)
    SourceUser.objects.bulk_update([*changed, *gone], ["name", "email", "user", "gone"])
    counts |= {"created": len(created), "changed": len(changed), "gone": len(gone)}
    counts["same"] = len(seen) - len(created) - len(changed)
    return counts, rematched


@transaction.atomic
def apply_managers(*, source: CustomerSource, refs: Iterable[str]) -> int:
    """Customers of these users of the source get the panel user that is matched to them → how many changed."""
    customers = Counterparty.objects.filter(source=source, merged_into=None)
    rows = SourceRow.objects.filter(source=source, role=SourceRow.Role.CUSTOMER)
    changed = 0
    for user in SourceUser.objects.filter(source=source, external_ref__in=list(refs)):
        theirs = rows.filter(manager=user.external_ref).values_list("external_ref", flat=True)
        for some in chunks(theirs):
            wrong = customers.filter(external_ref__in=some).exclude(manager=user.user_id)
            changed += wrong.update(manager=user.user_id, changed=timezone.now())
    return changed
