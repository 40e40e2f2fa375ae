"""What the portal keeps about its users."""

from astpanel.accounts.models.license import License
from astpanel.accounts.models.profile import Profile, ProfileAssignment
from astpanel.accounts.models.user import SUPERVISE, Department, Favourite, PanelUser, Status

__all__ = ["SUPERVISE", "Department", "Favourite", "License", "PanelUser", "Profile", "ProfileAssignment", "Status"]
