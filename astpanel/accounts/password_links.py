"""One-time links by which people set their own password: no administrator knows it, none is sent about."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from astpanel.accounts.models import PanelUser
from astpanel.audit_bulk import journal_changes


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """`path` is good until it is used, the user logs in, or settings.PASSWORD_RESET_TIMEOUT is over."""

    user: PanelUser
    path: str


def make_links(users: Iterable[PanelUser]) -> list[PasswordLink]:
    """A link for each; that it was made is journalled, the link is kept nowhere."""
    people = list(users)
    journal_changes(changes=[(user, {"password": ("", _("one-time link made"))}) for user in people])
    return [PasswordLink(user, path_for(user)) for user in people]


def path_for(user: PanelUser) -> str:
    """The page's path for this user now."""
    name = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("set-password", args=[name, default_token_generator.make_token(user)])


class SetPasswordView(PasswordResetConfirmView):
    """Whoever has the link sets the password once; the token leaves the address before the form is shown."""

    template_name = "registration/set_password.html"
    success_url = reverse_lazy("login")
