"""The addresses of the public pages."""

from django.urls import path

from claims.pages import views
from claims.pages.corrections import corrections
from claims.pages.feed import corrections_feed

urlpatterns = [
    path("corrections/", corrections, name="corrections"),
    path("corrections/feed/", corrections_feed, name="corrections-feed"),
    path("disputes/<str:slug>/corrections/feed/", corrections_feed, name="dispute-corrections-feed"),
    path("disputes/<str:key>/", views.dispute, name="dispute"),
    path("claims/<str:key>/", views.claim, name="claim"),
]
