from django.urls import path

from inmind.screening import battery_views, due_views, help_views, own_page_views, result_views, views

urlpatterns = [
    path("due/", due_views.worklist, name="due"),
    path("episodes/<uuid:episode>/done-elsewhere/", due_views.done_elsewhere, name="screen_done_elsewhere"),
    path("episodes/<uuid:episode>/people/<uuid:person>/", own_page_views.own_page, name="caregiver"),
    path("episodes/<uuid:episode>/people/<uuid:person>/read/", own_page_views.read_page, name="caregiver_read"),
    path("episodes/<uuid:episode>/people/<uuid:person>/begin/", own_page_views.begin, name="screen_begin"),
    path("episodes/<uuid:episode>/people/<uuid:person>/<slug:battery>/", battery_views.begin, name="screen_battery"),
    path(
        "episodes/<uuid:episode>/people/<uuid:person>/<slug:battery>/<str:on>/<slug:form>/",
        battery_views.sitting,
        name="screen_sitting",
    ),
    path("screens/<uuid:screen>/", result_views.see, name="screen"),
    path("screens/<uuid:screen>/answers/", views.enter, name="screen_enter"),
    path("screens/<uuid:screen>/answers/save/", views.save, name="screen_save"),
    path("screens/<uuid:screen>/correct/", views.correct, name="screen_correct"),
    path("screens/<uuid:screen>/history/", result_views.history, name="screen_history"),
    path("screens/<uuid:screen>/help/", help_views.help_now, name="screen_help"),
    path("screens/<uuid:screen>/help/call-back/", help_views.call_back, name="screen_call_back"),
]
