"""What workers do with users."""

from astpanel.accounts.assignments.work import run as assign_profile

__all__ = ["assign_profile"]
