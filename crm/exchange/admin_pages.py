"""Addresses of the pages of import and export."""

from django.contrib import admin

from astpanel.admin import AstpanelAdminSite
from crm.exchange import admin_export, admin_import

site = admin.site
assert isinstance(site, AstpanelAdminSite)  # noqa: S101 - the default site of the settings

IMPORT, EXPORT = "crm/counterparty/import/", "crm/counterparty/export/"
site.add_page(IMPORT, admin_import.upload, name="directory_import_upload")
site.add_page(f"{IMPORT}<int:pk>/", admin_import.look, name="directory_import")
site.add_page(f"{IMPORT}template.<slug:kind>", admin_import.template, name="directory_import_template")
site.add_page(f"{IMPORT}<int:pk>/refused.<slug:kind>", admin_import.refused, name="directory_import_refused")
site.add_page(EXPORT, admin_export.begin, name="directory_export_begin")
site.add_page(f"{EXPORT}<int:pk>/", admin_export.look, name="directory_export")
site.add_page(f"{EXPORT}<int:pk>/file", admin_export.file, name="directory_export_file")
