"""Facts → findings. Pure: nothing is asked here, nothing is written.

What is not known (None) gives no finding: a check that could not look does not say that something is missing.
"""

from telephony.check.facts import Facts
from telephony.check.finding import Finding
from telephony.check.judge_access import access
from telephony.check.judge_features import calls, web
from telephony.check.judge_numbers import numbers, phones


def findings(facts: Facts) -> tuple[Finding, ...]:
    """The worst first; among equals in the order of an administrator's work."""
    found = access(facts)
    if facts.connected:
        found += [*numbers(facts), *phones(facts), *calls(facts), *web(facts)]
    return tuple(sorted(found, key=lambda finding: -finding.level.rank))
