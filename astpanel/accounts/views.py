"""Pages of one's own account: settings and password. Open to everybody who can log in, also without a licence seat."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from astpanel.accounts.models import PanelUser
from astpanel.accounts.own_settings import WRITE_ONLY, OwnSettingsForm
from astpanel.accounts.selectors import internal_numbers
from astpanel.accounts.services import change_own_settings

GREYED = 403  # status of an answer to a field that the user may not change


@never_cache
@login_required
@sensitive_post_parameters(WRITE_ONLY, f"initial-{WRITE_ONLY}")
@require_http_methods(["GET", "HEAD", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    """«Мои настройки»."""
    user = PanelUser.objects.select_related("assigned_profile", "timeout_kind").get(pk=cast(PanelUser, request.user).pk)
    if request.method != "POST":
        return _page(request, user, OwnSettingsForm(user=user))
    form = OwnSettingsForm(request.POST, user=user)
    if form.is_valid() and _write(user, form):
        messages.success(request, _("Saved.") if form.changes else _("Nothing was changed."))
        return HttpResponseRedirect(reverse("own-settings"))
    return _page(request, user, form, status=GREYED if form.refused else 200)


def _write(user: PanelUser, form: OwnSettingsForm) -> bool:
    try:
        change_own_settings(user=user, changes=form.changes)
    except ValidationError as error:  # denied by an administrator at this very moment
        form.add_error(None, [text for texts in error.message_dict.values() for text in texts])
        return False
    return True


def _page(request: HttpRequest, user: PanelUser, form: OwnSettingsForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "me": user,
        "numbers": internal_numbers(user),
        "last_resort": user.timeout_number or (user.timeout_kind.name if user.timeout_kind else ""),
    }
    return TemplateResponse(request, "accounts/own_settings.html", context, status=status)


class OwnPasswordView(PasswordChangeView):
    """The password of the log-in. Other sessions of the user end; this one goes on."""

    template_name = "accounts/own_password.html"
    success_url = reverse_lazy("own-settings")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(
            self.request, _("The password is changed. Wherever else you were logged in you are logged out.")
        )
        return super().form_valid(form)
