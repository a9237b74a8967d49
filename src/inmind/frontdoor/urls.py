from django.urls import path

from inmind.frontdoor import views

urlpatterns = [
    path("", views.front, name="front"),
    path("help/", views.help_now, name="help"),
    path("health/", views.health, name="health"),
]
