"""Clients of the interface: their tokens are shown once, when they are made."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from astpanel.accounts.models import PanelUser
from astpanel.admin import AstpanelAdminSite
from astpanel.admin_parts import ModelAdmin, flag
from astpanel.api.models import ApiClient, Scope
from astpanel.api.services import renew_token
from astpanel.api.tokens import new_token

if TYPE_CHECKING:
    ClientModelForm = forms.ModelForm[ApiClient]
else:
    ClientModelForm = forms.ModelForm


class ClientForm(ClientModelForm):
    """Scopes as boxes."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("May"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiClient
        fields = ("name", "scopes", "per_minute", "enabled", "expires")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (expires := self.fields.get("expires")) is None:  # who may only look has no fields
            return
        for part in getattr(expires.widget, "widgets", ()):  # day and time: the words beside them are no labels
            part.attrs["aria-label"] = expires.label


@admin.register(ApiClient)
class ApiClientAdmin(ModelAdmin):
    """Other systems that may ask."""

    form = ClientForm
    list_display = ["name", "prefix", "may", "per_minute", "switched_off", "expires", "last_used"]
    list_filter = ["enabled"]
    search_fields = ["name", "prefix"]
    switched_off = flag("enabled", title=gettext_lazy("state"), no=gettext_lazy("switched off"))
    readonly_fields = ["prefix", "created", "created_by", "last_used"]
    change_form_template = "admin/api/client.html"
    change_list_template = "admin/api/clients.html"

    def get_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> Any:
        typed = ["name", "scopes", "per_minute", "enabled", "expires"]
        return [*typed, *(self.readonly_fields if obj else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: ApiClient | None = None) -> Any:
        return self.readonly_fields if obj else []

    @admin.display(description=gettext_lazy("may"))
    def may(self, obj: ApiClient) -> str:
        """The scopes in words."""
        return ", ".join(str(Scope(scope).label) for scope in obj.scopes if scope in Scope.values)

    @sensitive_variables("made")
    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = new_token()
        obj.prefix, obj.digest, obj.created_by = made.prefix, made.digest, cast(PanelUser, request.user)
        super().save_model(request, obj, form, change)
        obj.new_token = made.token  # for the page that comes next, no column

    def response_add(self, request: HttpRequest, obj: ApiClient, post_url_continue: Any = None) -> HttpResponse:
        """The token, once."""
        return token_page(request, obj, obj.new_token)


@never_cache
@sensitive_variables("token")
def token_page(request: HttpRequest, client: ApiClient, token: str) -> HttpResponse:
    """The answer to the form itself: a message for the next page would lie in a cookie until then."""
    context = {
        **admin.site.each_context(request),
        "title": _("The token of “%(name)s”") % {"name": client.name},
        "client": client,
        "opts": ApiClient._meta,
        "token": token,
    }
    return render(request, "admin/api/token.html", context)


def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new token for a client: asked first, since the old one opens nothing from then on."""
    client = get_object_or_404(ApiClient, pk=pk)
    if not admin.site._registry[ApiClient].has_change_permission(request, client):
        raise PermissionDenied
    if request.method == "POST":
        return token_page(request, client, renew_token(client=client))
    title = _("A new token for “%(name)s”") % {"name": client.name}
    context = {**admin.site.each_context(request), "title": title, "client": client, "opts": ApiClient._meta}
    return render(request, "admin/api/renew.html", context)


cast(AstpanelAdminSite, admin.site).add_page("api/apiclient/<int:pk>/renew/", renew, name="api_apiclient_renew")
