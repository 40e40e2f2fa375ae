"""Addresses of the card."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
