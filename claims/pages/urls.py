"""The addresses of the public pages."""

from django.urls import path

from claims.pages import views

urlpatterns = [
    path("disputes/<str:key>/", views.dispute, name="dispute"),
    path("claims/<str:key>/", views.claim, name="claim"),
]
