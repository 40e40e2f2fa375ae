"""Licence keys."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from astpanel.accounts.models import License
from astpanel.admin_parts import ModelAdmin


@admin.register(License)
class LicenseAdmin(ModelAdmin):
    """Keys with their seats; a key counts while it is valid."""

    list_display = ["key_id", "kind", "holder", "seats", "issued", "expires", "valid"]
    list_filter = ["kind"]
    search_fields = ["key_id", "holder"]
    fields = ["key_id", "kind", "holder", "seats", "issued", "expires", "document"]

    @admin.display(description=_("valid now"), boolean=True)
    def valid(self, obj: License) -> bool:
        return obj.valid_at(timezone.now())
