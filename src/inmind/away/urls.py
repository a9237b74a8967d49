from django.urls import path

from inmind.away import shell_views, views

urlpatterns = [
    path("away/", views.page, name="away"),
    path("away/worker.js", shell_views.worker, name="away_worker"),
    path("away/app.webmanifest", shell_views.manifest, name="away_manifest"),
    path("away/state/", views.state, name="away_state"),
    path("away/devices/", views.devices, name="away_devices"),
    path("away/parcel/", views.parcel, name="away_parcel"),
    path("away/entries/", views.entries, name="away_entries"),
]
