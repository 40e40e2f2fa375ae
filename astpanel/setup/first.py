"""A0: the pages of the first administrator. They lie outside the log-in: nobody can log in yet."""

from typing import Any, Final

from axes.helpers import get_client_ip_address
from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from astpanel.accounts.models import PanelUser
from astpanel.setup import flow, tokens
from astpanel.setup.models import Step
from astpanel.setup.steps.base import add_errors

KEPT: Final = "setup_token_digest"  # in the session: the token itself leaves the address bar at once
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


class FirstForm(forms.Form):
    """Who the administrator is, and the password twice."""

    last_name = forms.CharField(label=_("Last name"), max_length=150)
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("You log in with it: letters, digits and @ . + - _"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("The password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Django's rules for passwords; both are the same."""
        values = self.cleaned_data
        if "password" in values and "again" in values and values["password"] != values["again"]:
            self.add_error("again", _("The two passwords differ."))
        elif password := values.get("password"):
            names = {name: values.get(name, "") for name in ("username", "last_name", "first_name")}
            try:
                validate_password(password, PanelUser(**names))
            except ValidationError as error:
                self.add_error("password", error)
        return values


@never_cache
@require_http_methods(["GET", "HEAD"])
def token(request: HttpRequest, token: str) -> HttpResponse:
    """The address that the server printed: remembers the token and goes on to the form."""
    where = get_client_ip_address(request) or ""
    if not tokens.may_try(where):
        return _nothing_here(request, 429)
    digest = tokens.digest_of(token)
    if not tokens.opens(digest):
        tokens.note_wrong(where)
        return _nothing_here(request)
    request.session[KEPT] = digest
    return HttpResponseRedirect(reverse("setup-first"))


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """The form. Whoever came without the right token sees the same as behind any wrong address."""
    digest = request.session.get(KEPT, "")
    if not digest or not tokens.opens(digest):
        return _nothing_here(request)
    form = FirstForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("username", "last_name", "first_name", "password")}
        try:
            user = tokens.create_administrator(digest=digest, **values)
        except tokens.TokenGoneError:
            return _nothing_here(request)
        except ValidationError as error:
            add_errors(form, error, {})
        else:
            login(request, user, backend=BACKEND)
            request.session.pop(KEPT, None)
            return HttpResponseRedirect(reverse("admin:setup"))
    context = {"form": form, "needed": (), "stops": flow.route({}), "rules": password_validators_help_texts()}
    return TemplateResponse(request, "setup/first.html", {**context, "step": Step.ADMINISTRATOR})


def _nothing_here(request: HttpRequest, status: int = 404) -> HttpResponse:
    """The same for a wrong token, an old one, and where an administrator exists: nothing can be learnt from it."""
    return TemplateResponse(request, "setup/nothing_here.html", status=status)
