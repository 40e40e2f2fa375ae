"""Links on the card, with an example of what becomes of the address."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from astpanel.admin import AstpanelAdminSite
from astpanel.admin_parts import ModelAdmin, flag
from crm.card_links import EXAMPLE, PLACEHOLDERS, check_template, filled
from crm.models import CardLink

if TYPE_CHECKING:
    LinkModelForm = forms.ModelForm[CardLink]  # generic for the type checker only
else:
    LinkModelForm = forms.ModelForm


class LinkForm(LinkModelForm):
    """The address is checked before it is kept."""

    def clean_template(self) -> str:
        template: str = self.cleaned_data["template"]
        check_template(template)
        return template


@admin.register(CardLink)
class CardLinkAdmin(ModelAdmin):
    """Shown on the card in this order."""

    form = LinkForm
    list_display = ["name", "address", "switched_off", "order"]
    search_fields = ["name", "template"]
    switched_off = flag("enabled", title=_("state"), no=_("switched off"))
    fields = ["name", "template", "example", "enabled", "order"]
    readonly_fields = ["example"]

    class Media:
        css = {"all": ["crm/customers.css"]}
        js = ["crm/card-link.js"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        known = ", ".join(f"{{{key}}}" for key in PLACEHOLDERS)
        text = _("Placeholders: %(known)s. What is put in their place is encoded for an address.")
        kwargs["help_texts"] = {"template": format_html("{}", text % {"known": known})}
        return super().get_form(request, obj, change, **kwargs)

    @admin.display(description=_("address"))
    def address(self, obj: CardLink) -> SafeString:
        return format_html("<code><bdi>{}</bdi></code>", obj.template)

    @admin.display(description=_("for example"))
    def example(self, obj: CardLink | None) -> SafeString:
        """Written anew by the page's script as the address is typed."""
        text = example_of(obj.template) if obj is not None and obj.template else "—"
        address = reverse("admin:card_link_example")
        return format_html('<code class="link-example" data-example="{}"><bdi>{}</bdi></code>', address, text)


def example_of(template: str) -> str:
    """The address for an invented customer, or what is wrong with it."""
    try:
        check_template(template)
    except ValidationError as error:
        return " ".join(error.messages)
    return filled(template, **EXAMPLE)


@require_GET
def link_example(request: HttpRequest) -> JsonResponse:
    """`{"text"}` for the address as typed so far."""
    if not any(request.user.has_perm(f"crm.{act}_cardlink") for act in ("add", "change", "view")):
        raise PermissionDenied
    return JsonResponse({"text": example_of(request.GET.get("template", "")[:500])})


cast(AstpanelAdminSite, admin.site).add_page("card-link-example/", link_example, name="card_link_example")
