"""Addresses of one's own account."""

from django.urls import path

from astpanel.accounts import views

urlpatterns = [
    path("", views.own_settings, name="own-settings"),
    path("password/", views.OwnPasswordView.as_view(), name="own-password"),
]
