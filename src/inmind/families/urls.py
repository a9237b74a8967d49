from django.urls import path

from inmind.families import concern_views, map_views, rota_views, views

urlpatterns = [
    path("families/new/", views.register, name="family_register"),
    path("families/<uuid:dyad>/adults/new/", views.add_adult, name="family_add_adult"),
    path("families/<uuid:dyad>/visits/new/", views.visit, name="family_visit"),
    path("families/<uuid:dyad>/worries/new/", concern_views.hear, name="family_concern"),
    path("families/<uuid:dyad>/map/print/", map_views.printed, name="family_map_print"),
    path("families/<uuid:dyad>/map/", map_views.change, name="family_map"),
    path("families/<uuid:dyad>/team/", views.join_team, name="family_team"),
    path("families/<uuid:dyad>/looked/", views.looked, name="family_looked"),
    path("agency/on-call/", rota_views.on_call, name="on_call"),
]
