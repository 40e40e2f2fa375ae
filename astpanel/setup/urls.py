"""What lies outside the admin: the first administrator."""

from django.urls import path

from astpanel.setup import first

urlpatterns = [
    path("", first.first, name="setup-first"),
    path("<str:token>/", first.token, name="setup-token"),
]
