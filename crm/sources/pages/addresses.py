"""Where the pages are."""

from typing import cast

from django.contrib import admin

from astpanel.admin import AstpanelAdminSite
from crm.sources.pages.import_page import import_page
from crm.sources.pages.lists import refused_file
from crm.sources.pages.map_page import map_page

site = cast(AstpanelAdminSite, admin.site)
site.add_page("crm/customersource/map/", map_page, name="crm_source_map")
site.add_page("crm/customersource/loading/", import_page, name="crm_source_import")
site.add_page("crm/refusedrow/<int:run>.csv", refused_file, name="crm_refused_file")
