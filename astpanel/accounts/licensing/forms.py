"""The seat's part of a form of users."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.forms import ModelForm

from astpanel.accounts.licensing.seats import claim_for_one
from astpanel.accounts.models import PanelUser

if TYPE_CHECKING:
    Form = ModelForm[PanelUser]  # generic for the type checker only
else:
    Form = object


class ClaimsSeat(Form):
    """Mixin, before the form's own base: «Использовать» needs a free seat. The form is used inside of a transaction."""

    def _post_clean(self) -> None:
        """By now the instance has the values typed."""
        super()._post_clean()  # type: ignore[misc]  # of ModelForm; the stubs leave it out
        if self.errors:
            return
        try:
            claim_for_one(user=self.instance)
        except ValidationError as error:
            self.add_error("in_use" if "in_use" in self.fields else None, error)
