"""Addresses of «Добавить номер»."""

from django.urls import path

from telephony.customers import place_views as views

urlpatterns = [
    path("panel/place/", views.place, name="place"),
    path("panel/place/search/", views.search, name="place-search"),
    path("panel/place/undo/", views.undo, name="place-undo"),
    path("panel/placements/", views.placements, name="placements"),
]
