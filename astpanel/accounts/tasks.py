"""What workers do with users."""

from astpanel.accounts.assignments.work import run as assign_profile
from astpanel.accounts.importing.work import check as check_users
from astpanel.accounts.importing.work import write as write_users

__all__ = ["assign_profile", "check_users", "write_users"]
