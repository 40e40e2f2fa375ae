"""The admin site: one product with the panel."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class AstpanelAdminSite(AdminSite):
    """Administrators set the portal up here."""

    site_header = site_title = "astpanel"
    index_title = _("Administration")
