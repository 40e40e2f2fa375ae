"""How far the start-up assistant is."""

from astpanel.setup.models.agreement import AgreementAcceptance
from astpanel.setup.models.steps import Step, StepRecord
from astpanel.setup.models.token import SetupToken

__all__ = ["AgreementAcceptance", "SetupToken", "Step", "StepRecord"]
