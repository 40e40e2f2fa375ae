"""Admin pages of customers: to import a module is to register its pages."""

from crm import numbering_admin
from crm.admin import customers, duplicates, journals, kinds, links, merging
from crm.exchange import admin_pages as file_pages
from crm.sources import admin as sources_admin

__all__ = [
    "customers",
    "duplicates",
    "file_pages",
    "journals",
    "kinds",
    "links",
    "merging",
    "numbering_admin",
    "sources_admin",
]
