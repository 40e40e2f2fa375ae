"""«Взять с АТС»: the numbers of a PBX that are nobody's, and one button that makes them users."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from astpanel.accounts.admin.user_import import may_import
from astpanel.accounts.importing.from_pbx import nobodys, table_of
from astpanel.accounts.importing.services import begin_import, check_table
from astpanel.accounts.licensing.services import may_use_more
from astpanel.accounts.models import Department, UserImport
from astpanel.admin import AstpanelAdminSite
from telephony.ami.dial import ConnectFailed
from telephony.ami.errors import AmiError
from telephony.check.people import Known, known_numbers
from telephony.live.reasons import link_reason
from telephony.models import Pbx


class WhichPbx(forms.Form):
    """Which PBX is asked."""

    pbx = forms.ModelChoiceField(Pbx.objects.all(), label=_("PBX"), empty_label=None)


class Chosen(forms.Form):
    """What is common to those who are made users."""

    department = forms.ModelChoiceField(Department.objects.all(), label=_("department"), required=False)
    in_use = forms.BooleanField(label=_("use the panel: each takes a licence seat"), required=False)
    order = forms.ChoiceField(
        label=_("names on the PBX"),
        choices=[("last", _("last name first: Иванов Пётр")), ("first", _("first name first: Пётр Иванов"))],
        widget=forms.RadioSelect,
        initial="last",
    )


@require_http_methods(["GET", "POST"])
def from_pbx(request: Any) -> HttpResponse:
    """GET asks the PBX and lists; POST asks again, so that nothing is made which the PBX does not know."""
    may_import(request)
    pbx = _pbx(request)
    found, problem = _ask(pbx) if pbx else ([], "")
    seats = may_use_more(count=len(found))
    form = Chosen(request.POST if request.method == "POST" else None, initial={"in_use": seats.allowed})
    if request.method == "POST" and pbx and not problem and form.is_valid():
        numbers = set(request.POST.getlist("number"))
        chosen = [entry for entry in found if entry.number in numbers]
        if chosen:
            return _make(request, pbx, chosen, form.cleaned_data)
        messages.warning(request, _("Choose at least one number."))
    context = {
        **admin.site.each_context(request),
        "title": _("Take users from the PBX"),
        "pbx": pbx,
        "which": WhichPbx(initial={"pbx": pbx}) if Pbx.objects.count() > 1 else None,
        "form": form,
        "found": found,
        "problem": problem,
        "seats": seats,
    }
    return TemplateResponse(request, "admin/accounts/import/from_pbx.html", context)


def _pbx(request: Any) -> Pbx | None:
    """The one chosen, else the first enabled one."""
    chosen = request.POST.get("pbx") or request.GET.get("pbx") or ""
    rows = Pbx.objects.order_by("-enabled", "id")
    return rows.filter(pk=chosen).first() if chosen.isdecimal() else rows.first()


def _ask(pbx: Pbx) -> tuple[list[Known], str]:
    """The numbers, or why there are none."""
    try:
        return nobodys(known_numbers(pbx), pbx=pbx), ""
    except ConnectFailed as error:
        said = link_reason(error.reason)
        return [], " ".join(str(text) for text in (said.what, said.why, said.act) if text)
    except (AmiError, TimeoutError):
        return [], str(_("The PBX stopped answering. Try again, or run the PBX check."))


def _make(request: Any, pbx: Pbx, chosen: list[Known], data: dict[str, Any]) -> HttpResponse:
    table = table_of(
        chosen,
        pbx=pbx,
        department=data["department"].name if data["department"] else "",
        in_use=data["in_use"],
        first_name_first=data["order"] == "first",
    )
    made = check_table(table=table, source=pbx.name, by=request.user)
    sound = made.state == UserImport.State.CHECKED and not any(outcome["errors"] for outcome in made.outcomes)
    if sound:
        try:
            begin_import(made=made, by=request.user, only_valid=False)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    return redirect("admin:user_import", made.pk)


site = admin.site
assert isinstance(site, AstpanelAdminSite)  # noqa: S101 - the default site of the settings

site.add_page("accounts/paneluser/from-pbx/", from_pbx, name="users_from_pbx")
