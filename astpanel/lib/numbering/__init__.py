"""Number rules as values: what a typed number is, and what will be dialled for it. Pure: no database, no words."""

from astpanel.lib.numbering.explain import explain
from astpanel.lib.numbering.explanation import Explanation, Kind, Reason, Step, StepCode
from astpanel.lib.numbering.patterns import PatternError, PatternProblem
from astpanel.lib.numbering.rules import NO_PLAN, NumberRules, Rewrite, numbers_of
from astpanel.lib.numbering.warnings import Concern, Warned, warnings

__all__ = [
    "NO_PLAN",
    "Concern",
    "Explanation",
    "Kind",
    "NumberRules",
    "PatternError",
    "PatternProblem",
    "Reason",
    "Rewrite",
    "Step",
    "StepCode",
    "Warned",
    "explain",
    "numbers_of",
    "warnings",
]
