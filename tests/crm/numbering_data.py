"""The form of the number rules as a browser posts it."""

from typing import Any

PLAN = {
    "country": "RU",
    "area_code": "495",
    "outside_prefix": "9",
    "internal_min": "2",
    "internal_max": "4",
    "emergency": "112",
    "service": "",
    "try_number": "",
}


def posted(*rules: dict[str, Any], **plan: Any) -> dict[str, str]:
    """The plan and its rules; a rule with an `id` is one that is stored, those come first."""
    data = {**PLAN, **plan}
    stored = sum(1 for rule in rules if "id" in rule)
    data |= {"rules-TOTAL_FORMS": str(len(rules)), "rules-INITIAL_FORMS": str(stored)}
    for number, rule in enumerate(rules):
        row = {"strip": "0", "prepend": "", "enabled": "on", **rule}
        data |= {f"rules-{number}-{name}": value for name, value in row.items()}
    return {name: str(value) for name, value in data.items() if value is not None}
