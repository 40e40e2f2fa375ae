"""Addresses of «Добавить номер»."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
