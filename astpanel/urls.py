"""Every address of the portal."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from astpanel.accounts.password_links import SetPasswordView
from astpanel.views import healthz, metrics
from telephony.demo.accounts import shown_accounts

LOGIN_CONTEXT = {"demo_accounts": shown_accounts}  # called when the page is made

urlpatterns = [
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["astpanel", "telephony", "supervisor"]), name="jsi18n"),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path(
        "login/",
        auth_views.LoginView.as_view(redirect_authenticated_user=True, extra_context=LOGIN_CONTEXT),
        name="login",
    ),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/<uidb64>/<token>/", SetPasswordView.as_view(), name="set-password"),
    path("settings/", include("astpanel.accounts.urls")),
    path("setup/", include("astpanel.setup.urls")),
    path("api/", include("astpanel.api.urls")),
    path("", include("telephony.urls")),
]
