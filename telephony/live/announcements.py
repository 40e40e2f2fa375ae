"""Changes of rights are announced to every web process on commit, so that open pages lose what they may not read.

What writes past the models (raw SQL, bulk updates) is found by the periodic look of `rights.py`.
"""

import logging
from collections.abc import Iterable
from typing import Any, Final

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from astpanel.accounts.models import License, PanelUser
from crm.models import ContactInfo, ContactInfoKind
from telephony.live.layer_messages import RIGHTS_GROUP, rights_changed
from telephony.models import Pbx

IRRELEVANT: Final = {"last_login", "status", "status_until"}  # written often, and no right hangs on them

log = logging.getLogger(__name__)


def announce(user_id: int | None) -> None:
    """Once the transaction is committed: every hub looks again at this user (None: at everybody)."""
    transaction.on_commit(lambda: _send(user_id), robust=True)


def _send(user_id: int | None) -> None:
    layer: Any = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(RIGHTS_GROUP, rights_changed(user_id))
    except Exception:
        log.warning("a change of rights could not be announced; the periodic look will find it", exc_info=True)


def _user_saved(
    instance: PanelUser, created: bool = False, update_fields: Iterable[str] | None = None, **_: Any
) -> None:
    if not created and (update_fields is None or not set(update_fields) <= IRRELEVANT):
        announce(instance.pk)


def _user_deleted(instance: PanelUser, **_: Any) -> None:
    announce(instance.pk)


def _permissions_changed(instance: Model, action: str, **_: Any) -> None:
    if action.startswith("post_"):
        announce(instance.pk if isinstance(instance, PanelUser) else None)


def _number_changed(instance: ContactInfo, **_: Any) -> None:
    if instance.user_id is not None:
        announce(instance.user_id)


def _session_ended(instance: Session, **_: Any) -> None:
    user_id = instance.get_decoded().get(SESSION_KEY, "")
    if user_id.isdecimal():
        announce(int(user_id))


def _concerns_everybody(created: bool = False, **_: Any) -> None:
    announce(None)


def connect() -> None:
    """Called once, when the apps are ready."""
    post_save.connect(_user_saved, PanelUser, dispatch_uid="live.user")
    post_delete.connect(_user_deleted, PanelUser, dispatch_uid="live.user")
    m2m_changed.connect(_permissions_changed, PanelUser.groups.through, dispatch_uid="live.groups")
    m2m_changed.connect(_permissions_changed, PanelUser.user_permissions.through, dispatch_uid="live.permissions")
    m2m_changed.connect(_permissions_changed, Group.permissions.through, dispatch_uid="live.group_permissions")
    for signal in (post_save, post_delete):
        signal.connect(_number_changed, ContactInfo, dispatch_uid="live.number")
        signal.connect(_concerns_everybody, ContactInfoKind, dispatch_uid="live.kind")
        signal.connect(_concerns_everybody, Pbx, dispatch_uid="live.pbx")
        signal.connect(_concerns_everybody, License, dispatch_uid="live.license")
    post_delete.connect(_session_ended, Session, dispatch_uid="live.session")
