"""A5: the PBX is reached, or it is said why not; what it lacks is said with the lines to add."""

from typing import Any, Final, cast

from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from astpanel.accounts.models import PanelUser
from astpanel.accounts.selectors import internal_numbers
from astpanel.setup import pbx as pbxs
from astpanel.setup.models import Step
from astpanel.setup.steps.base import StepOutcome, StepPage, Text, add_errors
from astpanel.setup.steps.pbx_form import SECRETS, PbxForm
from telephony.check.report import Report
from telephony.check.selectors import findings_of, internal_numbers_of
from telephony.check.services import probe, record
from telephony.models import Pbx, PbxCheck

ANYWAY: Final = "anyway"
PROGRESS_SECONDS: Final = 120  # that the last words of a check are kept for the waiting page


def progress_of(user: PanelUser) -> str:
    """What the check that this administrator waits for is doing now; empty: none is under way."""
    return str(cache.get(_key(user), ""))


class PbxStep(StepPage):
    """Passes on a successful connection only, and when the administrator's phone is known there or not minded."""

    step = Step.PBX
    form_class = PbxForm
    template = "setup/pbx.html"
    lead = gettext_lazy(
        "The portal talks to your Asterisk over its manager interface. Say where it is and how to log in."
    )
    gate = gettext_lazy("Goes on when the portal is connected to the PBX.")
    button = gettext_lazy("Connect and check")
    secrets = frozenset({*SECRETS, "sip_password"})
    actions = frozenset({ANYWAY})

    def present(self, user: PanelUser) -> dict[str, Any]:
        pbx = pbxs.current(user)
        values: dict[str, Any] = {"softphone": user.softphone, "sip_port": user.sip_port}
        if pbx is None:
            return values | {"port": 5038, "tls_verify": True, "dial_context": "internal", "kind": Pbx.Kind.ASTERISK}
        names = set(pbxs.TYPED) - {"transport", "tls"}
        kind = Pbx.Kind.ASTERISK if pbx.kind == Pbx.Kind.DEMO else pbx.kind  # a demo's is no choice of the form
        return values | {name: getattr(pbx, name) for name in names} | {"link": pbxs.link_shown(pbx), "kind": kind}

    def form(self, user: PanelUser, *, initial: dict[str, Any] | None = None, **bound: Any) -> forms.BaseForm:
        """Passwords of the row stay where none is typed."""
        form = PbxForm(initial=initial, kept=pbxs.current(user), **bound)
        if user.sip_password:
            form.fields["sip_password"].widget.attrs["placeholder"] = _("kept; type to change")
        return form

    def submit(self, user: PanelUser, form: forms.BaseForm, action: str) -> StepOutcome:
        """Looks at the PBX as the form describes it, and writes the row when that works."""
        values = form.cleaned_data
        try:
            pbx = pbxs.described(cast(PbxForm, form).kept, values)
        except ValidationError as error:
            add_errors(form, error, {"transport": "link", "tls": "link"})
            return StepOutcome(done=False)
        number = next(iter(internal_numbers(user)), "")
        report = self._look(user, pbx, number)
        shown = {"findings": report.findings, "connected": report.connected}
        if not report.connected:
            pbxs.save_draft(pbx=pbx)
            return StepOutcome(done=False, reason=_failure(form, report), shown=shown)
        if report.registered(number) is False and action != ANYWAY:
            pbxs.save_draft(pbx=pbx)
            text = _("Connected, but no phone of your number %(number)s is registered on the PBX.")
            return StepOutcome(done=False, reason=text % {"number": number}, shown={**shown, "unregistered": number})
        try:
            pbxs.save_connection(pbx=pbx, user=user, phone=values)
        except ValidationError as error:
            add_errors(form, error, {})
            return StepOutcome(done=False, shown=shown)
        check = PbxCheck.objects.create(pbx=pbx, asked_by=user)
        record(check=check, report=report, now=timezone.now())
        return StepOutcome(done=True, stay=True, reason=_remark(report, number))

    @staticmethod
    def _look(user: PanelUser, pbx: Pbx, number: str) -> Report:
        """With words for the page that waits."""

        def say(words: str) -> None:
            cache.set(_key(user), words, PROGRESS_SECONDS)

        try:
            known = internal_numbers_of(pbx) if pbx.pk else []
            return probe(pbx, numbers=known, own_number=number, say=say)
        finally:
            cache.delete(_key(user))

    def told(self, user: PanelUser) -> Text:
        pbx = pbxs.current(user)
        return f"{pbx.name}: {pbx.host}:{pbx.port}" if pbx else ""

    def shown(self, user: PanelUser, form: forms.BaseForm) -> dict[str, Any]:
        """Of a connection that works, what the last check found."""
        pbx = cast(PbxForm, form).kept
        needed = {"needed": ("secret",)}
        if pbx is None or form.is_bound:
            return needed
        check = pbx.checks.filter(finished__isnull=False).order_by("-started", "-pk").first()
        if check is None:
            return needed
        return {**needed, "check": check, "connected": check.connected, "findings": findings_of(check)}


def _failure(form: forms.BaseForm, report: Report) -> str:
    """In words, above the form; and at the field to look at."""
    first = next((finding for finding in report.findings if finding.code == "login_failed"), None)
    words = [first.title, first.meaning, first.act] if first else [_("The PBX cannot be reached.")]
    field = {"tls": "link", "username": "secret"}.get(report.field, report.field)
    if field in form.fields:
        form.add_error(field, words[0])
    return " ".join(word for word in words if word)


def _remark(report: Report, number: str) -> str:
    if report.registered(number) is not False:
        return ""
    return _("no phone of %(number)s is registered") % {"number": number}


def _key(user: PanelUser) -> str:
    return f"setup-pbx-{user.pk}"
