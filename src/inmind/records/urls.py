from django.urls import path

from inmind.records import duplicate_views, held_views, import_views, views

urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/add/", views.add, name="add_organization"),
    path("organizations/<uuid:organization>/", views.correct, name="correct_organization"),
    path("account/held/", held_views.mine, name="held_about_me"),
    path("people/<uuid:person>/held/", held_views.held, name="held"),
    path("imports/", import_views.imports, name="imports"),
    path("agency/sheets/", import_views.came_in, name="sheets"),
    path("imports/<uuid:sheet>/", import_views.sheet, name="import"),
    path("duplicates/", duplicate_views.duplicates, name="duplicates"),
    path("duplicates/<uuid:pair>/", duplicate_views.pair, name="pair"),
    path("duplicates/merged/<uuid:merge>/", duplicate_views.merge, name="merge"),
]
