"""Who may import and export customers. The whole customer base in one file is more than a look at each page."""

from typing import Any, Final

MODELS: Final = ("counterparty", "contactperson", "contactinfo")
IMPORT: Final = ("crm.add_directoryimport", *(f"crm.{verb}_{model}" for verb in ("add", "change") for model in MODELS))
EXPORT: Final = ("crm.add_directoryexport", *(f"crm.view_{model}" for model in MODELS))


def may_import(user: Any) -> bool:
    """Whoever may add and change customers, and import files of them."""
    return user is not None and user.is_active and bool(user.has_perms(IMPORT))


def may_export(user: Any) -> bool:
    """Whoever may see customers, and take them away in a file."""
    return user is not None and user.is_active and bool(user.has_perms(EXPORT))


def may_take(user: Any, made: Any) -> bool:
    """A file that a worker has made: whoever asked for it, and superusers."""
    return may_export(user) and (user.is_superuser or made.asked_by_id == user.pk)
