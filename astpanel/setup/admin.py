"""The steps as pages of the admin site."""

from functools import partial

from django.contrib import admin

from astpanel.admin import AstpanelAdminSite
from astpanel.admin_parts import ModelAdmin, ReadOnly
from astpanel.setup import views
from astpanel.setup.models import AgreementAcceptance
from astpanel.setup.steps import PAGES

site = admin.site
assert isinstance(site, AstpanelAdminSite)  # noqa: S101 - the default site of the settings

site.add_page("setup/", views.index, name="setup")
site.add_page("setup/finish/", views.finish, name="setup_finish")
site.add_page("setup/pbx/progress/", views.pbx_progress, name="setup_pbx_progress")
for _step in PAGES:
    site.add_page(f"setup/{_step}/", partial(views.step, step=_step), name=f"setup_{_step}")


@admin.register(AgreementAcceptance)
class AgreementAcceptanceAdmin(ReadOnly, ModelAdmin):
    """Who accepted which text, and when."""

    list_display = ["accepted", "user_name", "version"]
    list_display_links = ["accepted"]
    search_fields = ["user_name"]
    fields = ["accepted", "user_name", "version", "sha256"]
