from django.conf import settings
from django.urls import path

from inmind.workspace import views

urlpatterns = [path("today/", views.today, name="today")]
if "families" in settings.INSTALLATION.rooms:
    from inmind.workspace import family_views

    urlpatterns += [
        path("families/", family_views.families, name="families"),
        path("families/<uuid:dyad>/", family_views.dyad, name="dyad"),
    ]
