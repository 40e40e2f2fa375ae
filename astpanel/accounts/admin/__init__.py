"""Admin pages of users, profiles and licences."""

from astpanel.accounts.admin.licences import LicenseAdmin
from astpanel.accounts.admin.log import LogEntryAdmin
from astpanel.accounts.admin.profiles import ProfileAdmin, ProfileAssignmentAdmin
from astpanel.accounts.admin.users import DepartmentAdmin, PanelUserAdmin

__all__ = [
    "DepartmentAdmin",
    "LicenseAdmin",
    "LogEntryAdmin",
    "PanelUserAdmin",
    "ProfileAdmin",
    "ProfileAssignmentAdmin",
]
