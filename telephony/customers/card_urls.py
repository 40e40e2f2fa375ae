"""Addresses of the card."""

from django.urls import path

from telephony.customers import card_edit_views, card_manager_views, card_person_views, card_row_views, card_views

urlpatterns = [
    path("panel/card/", card_views.card_by_number, name="card-by-number"),
    path("panel/card/calls/", card_views.number_calls, name="card-number-calls"),
    path("card/managers/", card_manager_views.managers, name="card-managers"),
    path("card/<slug:kind>/<int:pk>/", card_views.card, name="card"),
    path("card/<slug:kind>/<int:pk>/calls/", card_views.calls, name="card-calls"),
    path("card/<slug:kind>/<int:pk>/edit/<slug:part>/", card_edit_views.edit, name="card-edit"),
    path("card/<slug:kind>/<int:pk>/persons/", card_person_views.add_contact_person, name="card-person-add"),
    path("card/<slug:kind>/<int:pk>/info/", card_row_views.new_row, name="card-row-add"),
    path("card/<slug:kind>/<int:pk>/info/<int:row_id>/", card_row_views.row, name="card-row"),
    path("card/<slug:kind>/<int:pk>/info/<int:row_id>/delete/", card_row_views.remove, name="card-row-delete"),
    path("card/<slug:kind>/<int:pk>/info/<int:row_id>/main/", card_row_views.main, name="card-row-main"),
]
