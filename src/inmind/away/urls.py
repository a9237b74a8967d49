from django.urls import path

from inmind.away import device_views, paper_views, shell_views, views

urlpatterns = [
    path("away/", views.page, name="away"),
    path("away/worker.js", shell_views.worker, name="away_worker"),
    path("away/app.webmanifest", shell_views.manifest, name="away_manifest"),
    path("away/state/", views.state, name="away_state"),
    path("away/devices/", views.devices, name="away_devices"),
    path("away/parcel/", views.parcel, name="away_parcel"),
    path("away/entries/", views.entries, name="away_entries"),
    path("away/to-sort/", paper_views.papers, name="away_papers"),
    path("away/to-sort/<uuid:paper>/", paper_views.paper, name="away_paper"),
    path("away/devices/mine/", device_views.mine, name="away_mine"),
    path("away/devices/<uuid:device>/cut-off/", device_views.cut_off, name="away_cut_off"),
    path("agencies/<uuid:organization>/devices/", device_views.of_agency, name="away_of_agency"),
]
