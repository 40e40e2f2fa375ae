"""Addresses of the operator's pages."""

from django.urls import path

from telephony import views

urlpatterns = [path("", views.panel, name="panel")]
