"""Addresses of what a ringing call asks."""

from django.urls import path

from telephony.customers import popup_views

urlpatterns = [
    path("panel/popup/", popup_views.popup_claim, name="popup-claim"),
    path("panel/caller/", popup_views.caller_facts, name="caller-facts"),
]
