from django.urls import path

from inmind.records import views

urlpatterns = [
    path("organizations/", views.organizations, name="organizations"),
    path("organizations/add/", views.add, name="add_organization"),
    path("organizations/<uuid:organization>/", views.correct, name="correct_organization"),
]
