"""Admin pages of users, profiles and licences."""

from astpanel.accounts.admin import drift as _drift  # noqa: F401 - adds its page to the site
from astpanel.accounts.admin import licence_pages as _licence_pages  # noqa: F401 - adds its pages to the site
from astpanel.accounts.admin import user_import as _user_import  # noqa: F401 - adds its pages to the site
from astpanel.accounts.admin import users_from_pbx as _users_from_pbx  # noqa: F401 - adds its page to the site
from astpanel.accounts.admin.assignments import ProfileAssignmentAdmin
from astpanel.accounts.admin.audit import AuditAdmin
from astpanel.accounts.admin.departments import DepartmentAdmin
from astpanel.accounts.admin.groups import GroupAdmin
from astpanel.accounts.admin.licences import LicenseAdmin
from astpanel.accounts.admin.log_ins import AttemptAdmin
from astpanel.accounts.admin.profiles import ProfileAdmin
from astpanel.accounts.admin.users import PanelUserAdmin

__all__ = [
    "AttemptAdmin",
    "AuditAdmin",
    "DepartmentAdmin",
    "GroupAdmin",
    "LicenseAdmin",
    "PanelUserAdmin",
    "ProfileAdmin",
    "ProfileAssignmentAdmin",
]
