from django.urls import path

from inmind.screening import views

urlpatterns = [
    path("episodes/<uuid:episode>/people/<uuid:person>/", views.own_page, name="caregiver"),
    path("episodes/<uuid:episode>/people/<uuid:person>/read/", views.read_page, name="caregiver_read"),
    path("episodes/<uuid:episode>/people/<uuid:person>/begin/", views.begin, name="screen_begin"),
    path("screens/<uuid:screen>/", views.see, name="screen"),
    path("screens/<uuid:screen>/answers/", views.enter, name="screen_enter"),
    path("screens/<uuid:screen>/answers/save/", views.save, name="screen_save"),
    path("screens/<uuid:screen>/help/", views.help_now, name="screen_help"),
]
