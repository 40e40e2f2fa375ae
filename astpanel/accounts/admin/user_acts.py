"""What the list of users can do to many at once, each asked before and told after."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from astpanel.accounts import bulk, services
from astpanel.accounts.admin.confirmation import Act
from astpanel.accounts.licensing.seats import claim
from astpanel.accounts.models import Department, PanelUser, Profile
from astpanel.accounts.password_links import make_links
from astpanel.accounts.roles import Role
from telephony.models import Pbx


class Use(Act):
    """«Использовать»: the licence's seats decide how many."""

    name, title = "give_seat", _("Use the panel: take a licence seat")
    text = _("They will each take a licence seat and may open the panel.")
    on = True

    def changes(self, users: "QuerySet[PanelUser]") -> "QuerySet[PanelUser]":
        return users.filter(in_use=not self.on)

    def run(self, users: Sequence[PanelUser], by: PanelUser, data: dict[str, Any]) -> int:
        return services.set_in_use(users=users, on=self.on)


class DoNotUse(Use):
    """Frees the seats."""

    name, title = "take_seat", _("Do not use the panel: free the licence seat")
    text = _("They will free their licence seats; the panel closes for them.")
    on = False


class SetDepartment(Act):
    """One department for all chosen."""

    name, title = "set_department", _("Set the department")
    text = _("They will all belong to the department chosen here; empty: to none.")

    class form_class(forms.Form):  # noqa: N801 - read as an attribute
        department = forms.ModelChoiceField(Department.objects.all(), label=_("department"), required=False)

    def run(self, users: Sequence[PanelUser], by: PanelUser, data: dict[str, Any]) -> int:
        return bulk.change_users(ids=ids(users), field="department", value=data["department"])


class SetPbx(Act):
    """One PBX for all chosen; refused when two would have one number."""

    name, title = "set_pbx", _("Set the PBX")
    text = _("Their internal numbers will be numbers of the PBX chosen here; empty: of each PBX.")

    class form_class(forms.Form):  # noqa: N801 - read as an attribute
        pbx = forms.ModelChoiceField(Pbx.objects.all(), label=_("PBX"), required=False)

    def run(self, users: Sequence[PanelUser], by: PanelUser, data: dict[str, Any]) -> int:
        return bulk.move_to_pbx(ids=ids(users), pbx=data["pbx"])


class AssignProfile(Act):
    """Into the profile's list; its page then shows each one's differences and hands the settings out."""

    name, title, permission = "assign_profile", _("Assign a settings profile"), "assign"
    text = _("They will be put on the list of the profile chosen here. The next page shows what would change for each.")

    class form_class(forms.Form):  # noqa: N801 - read as an attribute
        profile = forms.ModelChoiceField(Profile.objects.all(), label=_("profile"))

    def run(self, users: Sequence[PanelUser], by: PanelUser, data: dict[str, Any]) -> int:
        return bulk.join_profile(ids=ids(users), profile=data["profile"])

    def next_page(self, data: dict[str, Any]) -> str:
        return reverse("admin:accounts_profile_assign", args=[data["profile"].pk])


class PasswordLinks(Act):
    """For new people, and for those who have forgotten."""

    name, title = "password_links", _("One-time links to set the password")
    text = _("A page will show a link for each of them; passwords that are set now stay until the link is used.")

    def changes(self, users: "QuerySet[PanelUser]") -> "QuerySet[PanelUser]":
        return users.filter(is_active=True)

    def answer(self, admin: Any, request: Any, users: Sequence[PanelUser]) -> HttpResponse:
        """The links are in this answer only, which no browser keeps."""
        context = {
            **admin.admin_site.each_context(request),
            "title": self.title,
            "links": make_links(users),
            "origin": f"{request.scheme}://{request.get_host()}",
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        response = TemplateResponse(request, "admin/accounts/paneluser/password_links.html", context)
        add_never_cache_headers(response)
        return response


class RoleForm(forms.Form):
    """Which role."""

    role = forms.ChoiceField(label=_("role"), choices=[(role.name, role.label) for role in Role])


class AddRole(Act):
    """Rights are given by superusers only."""

    name, title, permission = "add_role", _("Add to a role"), "rights"
    text = _("They will have the rights of the role chosen here, besides those they have.")
    form_class = RoleForm
    on = True

    def run(self, users: Sequence[PanelUser], by: PanelUser, data: dict[str, Any]) -> int:
        return bulk.change_role(ids=ids(users), role=Role[data["role"]], on=self.on)


class RemoveRole(AddRole):
    """The other way round."""

    name, title = "remove_role", _("Remove from a role")
    text = _("They will lose the rights of the role chosen here. Rights of other groups stay.")
    on = False


class SwitchOff(Act):
    """The account can no longer log in, open pages close at once; nothing is deleted."""

    name, title = "switch_off", _("Switch the accounts off")
    text = _("They can no longer log in, and whoever is logged in is out at once. Nothing is deleted.")
    on = False

    def changes(self, users: "QuerySet[PanelUser]") -> "QuerySet[PanelUser]":
        return users.filter(is_active=not self.on)

    def run(self, users: Sequence[PanelUser], by: PanelUser, data: dict[str, Any]) -> int:
        """Nobody locks themselves out; who comes back and is in use needs a seat."""
        with transaction.atomic():
            if self.on:
                claim(count=sum(user.in_use for user in users))
            return bulk.change_users(ids=[pk for pk in ids(users) if pk != by.pk], field="is_active", value=self.on)


class SwitchOn(SwitchOff):
    """Back in."""

    name, title = "switch_on", _("Switch the accounts on")
    text = _("They can log in again.")
    on = True


ACTS: list[Act] = [
    *(Use(), DoNotUse(), AssignProfile(), SetDepartment(), SetPbx()),
    PasswordLinks(),
    *(SwitchOn(), SwitchOff(), AddRole(), RemoveRole()),
]


def ids(users: Sequence[PanelUser]) -> list[int]:
    """Their ids."""
    return [user.pk for user in users]
