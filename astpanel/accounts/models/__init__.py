"""What the portal keeps about its users."""

from astpanel.accounts.models.installation import Installation
from astpanel.accounts.models.license import License
from astpanel.accounts.models.panel_settings import CardOpens, PanelSettings
from astpanel.accounts.models.profile import AssignmentOutcome, Profile, ProfileAssignment, ProfileAssignmentItem
from astpanel.accounts.models.user import SUPERVISE, Department, Favourite, PanelUser, Status
from astpanel.accounts.models.user_import import UserImport

__all__ = [
    "SUPERVISE",
    "AssignmentOutcome",
    "CardOpens",
    "Department",
    "Favourite",
    "Installation",
    "License",
    "PanelSettings",
    "PanelUser",
    "Profile",
    "ProfileAssignment",
    "ProfileAssignmentItem",
    "Status",
    "UserImport",
]
