"""Forms of the user's page: Django's, with the right «Супервизор» as one box."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models import PanelUser
from astpanel.accounts.services import supervise_right

if TYPE_CHECKING:
    ChangeForm = UserChangeForm[PanelUser]  # generic for the type checker only
    CreationForm = AdminUserCreationForm[PanelUser]
else:
    ChangeForm = UserChangeForm
    CreationForm = AdminUserCreationForm


class PanelUserChangeForm(ChangeForm):
    """The supervisor's right has a box of its own and is left out of the list of all permissions."""

    supervisor = forms.BooleanField(
        label=_("supervisor"),
        required=False,
        help_text=_("Sees who talks to whom; may listen, whisper and join. Each use is recorded."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        right = supervise_right()
        if self.instance.pk:
            self.initial["supervisor"] = self.instance.user_permissions.filter(pk=right.pk).exists()
        if permissions := self.fields.get("user_permissions"):
            permissions.queryset = permissions.queryset.exclude(pk=right.pk)  # type: ignore[attr-defined]  # a model choice field


class PanelUserCreationForm(CreationForm):
    """Name, password and what an operator needs at once; the rest on the next page."""

    class Meta:
        model = PanelUser
        fields = ("username", "last_name", "first_name", "patronymic", "department", "pbx", "in_use")
