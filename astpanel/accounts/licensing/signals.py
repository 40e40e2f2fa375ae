"""What licences hear of: their own rows being written, and people logging in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from astpanel.accounts.licensing.access import forget
from astpanel.accounts.licensing.services import note_time
from astpanel.accounts.models import Installation, License


def _written(**_: Any) -> None:
    forget()


def _logged_in(**_: Any) -> None:
    note_time(now=timezone.now())


def connect() -> None:
    """Called once, when the apps are ready."""
    for model in (License, Installation):
        post_save.connect(_written, model, dispatch_uid=f"licensing.{model.__name__}")
        post_delete.connect(_written, model, dispatch_uid=f"licensing.{model.__name__}")
    user_logged_in.connect(_logged_in, dispatch_uid="licensing.logged_in")
