"""Forms of the user's page: Django's, with the three roles as boxes."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import Group
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.licensing.forms import ClaimsSeat
from astpanel.accounts.models import PanelUser
from astpanel.accounts.roles import Role, group_of, roles_of
from astpanel.accounts.services import supervise_right

if TYPE_CHECKING:
    ChangeForm = UserChangeForm[PanelUser]  # generic for the type checker only
    CreationForm = AdminUserCreationForm[PanelUser]
    PasswordForm = AdminPasswordChangeForm[PanelUser]
else:
    ChangeForm = UserChangeForm
    CreationForm = AdminUserCreationForm
    PasswordForm = AdminPasswordChangeForm

EXPLAINED = (
    (Role.OPERATOR.name, _("Operator: works in the panel, nothing of the administration")),
    (
        Role.SUPERVISOR.name,
        _("Supervisor: sees who talks to whom; may listen, whisper and join. Each use is recorded"),
    ),
    (Role.ADMINISTRATOR.name, _("Administrator: sets the portal up in the administration; gives no rights")),
)


class PasswordState(ReadOnlyPasswordHashWidget):
    """Whether there is a password. Django would show how it is hashed and the beginning of the hash."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        is_set = bool(value) and is_password_usable(value)
        context["summary"] = [
            {"label": _("A password is set.") if is_set else _("No password is set: nobody can log in as this user.")}
        ]
        return context


class PanelPasswordForm(PasswordForm):
    """Django's, whose help on passwords that are switched off speaks the first reader's language to everybody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "usable_password" in self.fields:
            self.fields["usable_password"].help_text = format_html(
                '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
                _(
                    "Whether the user will be able to authenticate using a password or not. If disabled, they may "
                    "still be able to authenticate using other backends, such as Single Sign-On or LDAP."
                ),
                _("If disabled, the current password for this user will be lost."),
            )


class PanelUserChangeForm(ClaimsSeat, ChangeForm):
    """The roles have boxes of their own and are left out of the lists of all groups and permissions."""

    password = ReadOnlyPasswordHashField(label=_("Password"), widget=PasswordState)
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=EXPLAINED, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles_before = roles_of(self.instance) if self.instance.pk else set()
        self.initial["roles"] = [role.name for role in Role if role in self.roles_before]
        if permissions := self.fields.get("user_permissions"):
            permissions.queryset = permissions.queryset.exclude(pk=supervise_right().pk)  # type: ignore[attr-defined]  # a model choice field
        if groups := self.fields.get("groups"):
            groups.queryset = Group.objects.exclude(name__in=[role.value for role in Role])  # type: ignore[attr-defined]  # a model choice field

    @property
    def roles_after(self) -> set[Role]:
        """Of a valid form; who may give no rights has no boxes and changes nothing."""
        return {Role[name] for name in self.cleaned_data.get("roles", [])} if "roles" in self.fields else set()

    def clean(self) -> dict[str, Any] | None:
        """The groups to write are the chosen ones and those of the roles."""
        cleaned = super().clean()
        if "roles" in self.fields and "groups" in self.cleaned_data:
            groups = [*self.cleaned_data["groups"], *map(group_of, self.roles_after)]
            self.cleaned_data["groups"] = groups
        return cleaned


class PanelUserCreationForm(ClaimsSeat, CreationForm):
    """Name, password and what an operator needs at once; the rest on the next page."""

    class Meta:
        model = PanelUser
        fields = ("username", "last_name", "first_name", "patronymic", "department", "pbx", "in_use")
