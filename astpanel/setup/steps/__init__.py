"""The steps that are pages of the admin site, by what they are."""

from collections.abc import Mapping
from typing import Final

from astpanel.setup.models import Step
from astpanel.setup.steps.agreement import AgreementStep
from astpanel.setup.steps.base import StepPage
from astpanel.setup.steps.configuration import ConfigurationStep
from astpanel.setup.steps.contacts import ContactsStep
from astpanel.setup.steps.numbers import NumbersStep
from astpanel.setup.steps.pbx import PbxStep
from astpanel.setup.steps.protection import ProtectionStep

PAGES: Final[Mapping[Step, StepPage]] = {
    page.step: page
    for page in (AgreementStep(), ConfigurationStep(), ProtectionStep(), ContactsStep(), PbxStep(), NumbersStep())
}
