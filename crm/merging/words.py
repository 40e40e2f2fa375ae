"""Refusals and conflicts of a merge, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from crm.merging.plan import Conflict, Refusal

REFUSALS: Final = {
    Refusal.TOO_FEW: _("There is nothing to merge: choose at least two different customers."),
    Refusal.TOO_MANY: _("Too many at once: choose at most 20 customers."),
    Refusal.TWO_OF_A_SOURCE: _(
        "More than one of them is kept by the source of customers. Merge those there: the next reading takes it over."
    ),
    Refusal.SOURCE_MUST_BE_KEPT: _("One of them is kept by the source of customers: that one has to stay."),
    Refusal.OTHER_COMPANIES: _("They speak for different counterparties: merge those first."),
}
CONFLICTS: Final = {
    Conflict.SAME_VALUE: _("The same value twice: one of the two rows goes."),
    Conflict.TWO_MAINS: _("Two main values of one type: one stays the main one."),
    Conflict.SAME_PERSON: _("Contact persons of the same name: all stay, and can be merged afterwards."),
}
