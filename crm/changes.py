"""That the directory has changed, told to the caches of all processes by the database itself.

Each transaction that changes what a number is shown as leaves a row of DirectoryChange. It is committed with the
change or not at all, so whoever sees another version sees the change too. The version is count, sum and greatest id:
a transaction that took its id early and commits late changes it as well, which a greatest id alone would hide.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.contrib.auth import get_user_model
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_delete, post_save

from crm import models as crm_models

Version = tuple[int, int, int]  # of another value: something has changed

KEPT: Final = timedelta(days=1)
SHOWN_OF_USERS: Final = frozenset({"username", "first_name", "last_name", "patronymic", "is_active", "pbx", "pbx_id"})

_noted: Final[WeakKeyDictionary[BaseDatabaseWrapper, object]] = WeakKeyDictionary()


def note_change() -> None:
    """Call it after writing what a number is shown as. The first call in a transaction adds a row, others cost nothing.

    Signals and the querysets of crm.models call it; code that writes past them (raw SQL, users in bulk) must do so too.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.in_atomic_block and _noted.get(database) is database.run_on_commit:
        return
    crm_models.DirectoryChange.objects.create()
    if database.in_atomic_block:
        # Django makes a new list of commit hooks when a transaction ends and when a savepoint is rolled back (the row
        # may be gone with it): as long as the list is the same one, the row is there.
        _noted[database] = database.run_on_commit


def directory_version() -> Version:
    """What the caches compare: one tiny query. Ask for it before reading what is to be kept, never afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(sum(id), 0), coalesce(max(id), 0) FROM crm_directorychange")
        count, total, newest = cursor.fetchone()
    return int(count), int(total), int(newest)


def prune(*, now: datetime) -> int:
    """Rows that no transaction can be older than → how many went. Leaves a row, so that no version ever comes back."""
    gone, _ = crm_models.DirectoryChange.objects.filter(at__lt=now - KEPT).delete()
    if gone:
        note_change()
    return gone


def connect() -> None:
    """From the app's ready(): every saved or deleted row that a name hangs on."""
    users = get_user_model()
    noted: list[type[models.Model]] = [
        *(crm_models.Counterparty, crm_models.ContactPerson, crm_models.ContactInfo, crm_models.ContactInfoKind),
        *(crm_models.NumberingPlan, crm_models.RewriteRule),
    ]
    for model in noted:
        post_save.connect(_changed, model, dispatch_uid=f"directory_{model.__name__}_saved")
    post_save.connect(_user_saved, users, dispatch_uid="directory_user_saved")
    pbx = users._meta.get_field("pbx").related_model  # users of a deleted one belong to each PBX
    for model in (*noted, users, pbx):
        post_delete.connect(_changed, model, dispatch_uid=f"directory_{model.__name__}_deleted")


def _changed(**_: Any) -> None:
    note_change()


def _user_saved(update_fields: Iterable[str] | None = None, **_: Any) -> None:
    """A log-in, a status and a setting are written often; nobody is shown by them."""
    if update_fields is None or SHOWN_OF_USERS & set(update_fields):
        note_change()
