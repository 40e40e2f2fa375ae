"""The steps that are pages of the admin site, by what they are."""

from collections.abc import Mapping
from typing import Final

from astpanel.setup.models import Step
from astpanel.setup.steps.agreement import AgreementStep
from astpanel.setup.steps.base import StepPage
from astpanel.setup.steps.contacts import ContactsStep

PAGES: Final[Mapping[Step, StepPage]] = {page.step: page for page in (AgreementStep(), ContactsStep())}
