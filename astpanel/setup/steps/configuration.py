"""A2: the system that holds the customers is identified, or chosen."""

from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from astpanel.accounts.models import PanelUser
from astpanel.setup.models import Step
from astpanel.setup.steps.base import StepOutcome, StepPage, Text, add_errors
from astpanel.setup.steps.configuration_form import ONEC, ConfigurationForm
from crm.models import CustomerSource
from crm.sources.identify import identify
from crm.sources.odata import Connection
from crm.sources.registry import BUILTIN
from crm.sources.selectors import current_source
from crm.sources.services import save_source
from crm.sources.signature import Identification, Verdict
from crm.sources.words import advice, headline, name_of

IDENTIFY: Final = "identify"


class ConfigurationStep(StepPage):
    """Recognised: goes on. Modified or unknown: choose. Empty or no access: it is said what to do about it."""

    step = Step.CONFIGURATION
    form_class = ConfigurationForm
    template = "setup/configuration.html"
    lead = gettext_lazy("Names of callers come from your customers. Say where they are kept.")
    gate = gettext_lazy("Goes on when the system is recognised or chosen.")
    button = gettext_lazy("Save and continue")
    secrets = frozenset({"password"})
    actions = frozenset({IDENTIFY})

    def present(self, user: PanelUser) -> dict[str, Any]:
        source = current_source()
        if source is None:
            return {"system": BUILTIN, "tls_verify": True}
        values = {name: getattr(source, name) for name in ("url", "username", "tls_verify")}
        values["system"] = BUILTIN if source.configuration == BUILTIN else ONEC
        by_hand = source.chosen_by_hand and source.configuration != BUILTIN
        values["configuration"] = source.configuration if by_hand else ""
        return values

    def form(self, user: PanelUser, *, initial: dict[str, Any] | None = None, **bound: Any) -> forms.BaseForm:
        """What was found likely the last time stands first."""
        source = current_source()
        likely = tuple(source.evidence.get("candidates", ())) if source else ()
        return ConfigurationForm(initial=initial, kept=source, likely=likely, **bound)

    def submit(self, user: PanelUser, form: forms.BaseForm, action: str) -> StepOutcome:
        values = form.cleaned_data
        if values["system"] == BUILTIN:
            save_source(configuration=BUILTIN)
            return StepOutcome(done=True)
        connection = Connection(values["url"], values["username"], values["password"], values["tls_verify"])
        found = identify(connection, name=values["name"], version=values["version"])
        chosen = "" if found.verdict is Verdict.NO_ACCESS else values["configuration"] or found.configuration
        if action == IDENTIFY or not chosen:
            self._remember(cast(ConfigurationForm, form), connection, found)
            return StepOutcome(done=False, quiet=action == IDENTIFY, reason=_why(action, found), shown=_shown(found))
        try:
            save_source(configuration=chosen, connection=connection, found=found)
        except ValidationError as error:
            add_errors(form, error, {})
            return StepOutcome(done=False, shown=_shown(found))
        return StepOutcome(done=True)

    @staticmethod
    def _remember(form: ConfigurationForm, connection: Connection, found: Identification) -> None:
        """The password is kept, encrypted, unless a 1C that works already would lose its own."""
        source: CustomerSource | None = form.kept
        if source is None or source.configuration == BUILTIN:
            save_source(configuration=BUILTIN, connection=connection, found=found)
        field: Any = form.fields["configuration"]
        names = dict(field.choices)
        likely = [(code, names.pop(code)) for code in found.candidates if code in names]
        first = (("", names.pop("")),)
        field.choices = [*first, *likely, *names.items()]

    def shown(self, user: PanelUser, form: forms.BaseForm) -> dict[str, Any]:
        return {"needed": ("url",)}

    def told(self, user: PanelUser) -> Text:
        source = current_source()
        if source is None:
            return ""
        return f"{name_of(source.configuration)} {source.url}".strip()


def _why(action: str, found: Identification) -> str:
    """Why it does not go on; nothing where somebody only wanted to see."""
    return "" if action == IDENTIFY else headline(found)


def _shown(found: Identification) -> dict[str, Any]:
    level = {Verdict.RECOGNISED: "ok", Verdict.NO_ACCESS: "error"}.get(found.verdict, "warn")
    choose = found.verdict not in {Verdict.RECOGNISED, Verdict.NO_ACCESS}
    words = {"headline": headline(found), "advice": advice(found), "objects": found.objects}
    return {"found": {**words, "level": level, "verdict": found.verdict.value}, "choose": choose}
