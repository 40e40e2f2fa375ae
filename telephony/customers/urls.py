"""Addresses of customers' pages and fragments."""

from telephony.customers import card_urls, place_urls, popup_urls

urlpatterns = [*card_urls.urlpatterns, *place_urls.urlpatterns, *popup_urls.urlpatterns]
