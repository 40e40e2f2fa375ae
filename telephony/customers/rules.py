"""What a panel user may write into the directory. The words name who can change that."""

from django.utils.translation import gettext as _

from astpanel.accounts.models import PanelUser


def why_not_add_numbers(user: PanelUser) -> str:
    """Empty: may use «Добавить номер»."""
    if user.may_add_numbers or user.has_perm("crm.add_contactinfo"):
        return ""
    return _reason(user, "may_add_numbers")


def why_not_edit_customers(user: PanelUser) -> str:
    """Empty: may edit cards in place."""
    if user.may_edit_customers or user.has_perm("crm.change_counterparty"):
        return ""
    return _reason(user, "may_edit_customers")


def _reason(user: PanelUser, guard: str) -> str:
    """The profile is blamed only when it denies too: an administrator may have changed this one user."""
    profile = user.assigned_profile
    if profile is not None and not getattr(profile, guard):
        by_profile = {
            "may_add_numbers": _("Your profile “%(name)s” does not allow adding numbers: ask an administrator."),
            "may_edit_customers": _("Your profile “%(name)s” does not allow editing customers: ask an administrator."),
        }
        return by_profile[guard] % {"name": profile.name}
    by_settings = {
        "may_add_numbers": _("Your settings do not allow adding numbers: ask an administrator."),
        "may_edit_customers": _("Your settings do not allow editing customers: ask an administrator."),
    }
    return by_settings[guard]
