"""The routes of moving in."""

from django.urls import path

from inmind.association.moving import views

MOVING = [
    path("association/moving/", views.moving, name="moving"),
    path("association/moving/<uuid:moved>/", views.sheet, name="moved"),
    path("association/moving/<uuid:moved>/agencies/", views.agencies, name="moved_agencies"),
    path("association/moving/<uuid:moved>/rows/<int:number>/", views.row, name="moved_row"),
]
