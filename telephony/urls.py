"""Addresses of the operator's pages."""

from django.urls import include, path

from telephony import views

urlpatterns = [
    path("", views.panel, name="panel"),
    path("panel/recent/", views.recent, name="recent"),
    path("panel/people/", views.people, name="people"),
    path("panel/favourite/", views.favourite, name="favourite"),
    path("", include("telephony.customers.urls")),
]
