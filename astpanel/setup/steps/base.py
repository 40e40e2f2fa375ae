"""What every step of the assistant is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from astpanel.accounts.models import PanelUser
from astpanel.setup.models import Step

Text = str | Promise
LONGEST_VALUE: Final = 20_000  # characters of one typed value that are kept: a certificate fits
MOST_VALUES: Final = 400


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What became of a submitted step. `reason` in words: why not, or what to know although it is done."""

    done: bool
    reason: Text = ""
    stay: bool = False  # this page comes again, with what was done here
    quiet: bool = False  # the step was not tried, only a button of its own: its state stays as it is
    shown: Mapping[str, Any] = field(default_factory=dict)  # for the page, besides: findings, evidence


class StepPage:
    """One step: what is there now, the form, and what submitting it does.

    `submit` writes through services; a mistake of the form goes to its field with `form.add_error`, any other comes
    back as the outcome. Secrets are never read back: their fields are named in `secrets` and are not kept as typed.
    """

    step: ClassVar[Step]
    form_class: ClassVar[type[forms.BaseForm]]
    template: ClassVar[str]
    lead: ClassVar[Text]  # one sentence: what this step is for
    gate: ClassVar[Text]  # one sentence under the button: when it goes on
    button: ClassVar[Text]
    secrets: ClassVar[frozenset[str]] = frozenset()
    actions: ClassVar[frozenset[str]] = frozenset()  # buttons of its own, besides «Continue»

    def present(self, user: PanelUser) -> dict[str, Any]:
        """What is set up already, by field. Secrets are left out."""
        return {}

    def form(self, user: PanelUser, *, initial: dict[str, Any] | None = None, **bound: Any) -> forms.BaseForm:
        """The form with these values, or bound to `data` and `files`."""
        return self.form_class(initial=initial, **bound)

    def submit(self, user: PanelUser, form: forms.BaseForm, action: str) -> StepOutcome:
        """The form is valid. `action`: empty for «Continue», or one of `actions`."""
        raise NotImplementedError

    def shown(self, user: PanelUser, form: forms.BaseForm) -> dict[str, Any]:
        """What the template needs besides the form."""
        return {}

    def told(self, user: PanelUser) -> Text:
        """What is set up, in one line for the last page."""
        return ""

    def is_valid(self, form: forms.BaseForm) -> bool:
        """Of everything that is on the page."""
        return form.is_valid()

    def has_changed(self, form: forms.BaseForm) -> bool:
        """Something was typed that is worth keeping."""
        return bool(set(form.changed_data) - self.secrets)

    def typed(self, form: forms.BaseForm, data: QueryDict) -> dict[str, Any]:
        """The values as typed, to be kept: never a secret, never a file."""
        kept = {}
        for name, widget in self._widgets(form):
            kind = getattr(widget, "input_type", "")
            if name in self.secrets or widget.needs_multipart_form or kind == "password":
                continue
            value = widget.value_from_datadict(data, MultiValueDict(), form.add_prefix(name))
            kept[name] = value[:LONGEST_VALUE] if isinstance(value, str) else value
        return kept

    @staticmethod
    def _widgets(form: forms.BaseForm) -> list[tuple[str, Any]]:
        return [(name, field.widget) for name, field in list(form.fields.items())[:MOST_VALUES]]


def add_errors(form: forms.BaseForm, error: ValidationError, names: Mapping[str, str]) -> None:
    """A service's complaint goes to the fields of the form; `names`: the service's word → the form's.

    What has no field here stands above the form.
    """
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        target = names.get(name, name)
        form.add_error(target if target in form.fields else None, errors)
