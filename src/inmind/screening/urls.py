from django.urls import path

from inmind.screening import (
    battery_views,
    due_views,
    help_views,
    own_page_views,
    recorded_result_views,
    recorded_views,
    result_views,
    table_views,
    taken_back_views,
    views,
)

urlpatterns = [
    path("due/", due_views.worklist, name="due"),
    path("episodes/<uuid:episode>/done-elsewhere/", due_views.done_elsewhere, name="screen_done_elsewhere"),
    path("episodes/<uuid:episode>/people/<uuid:person>/", own_page_views.own_page, name="caregiver"),
    path("episodes/<uuid:episode>/people/<uuid:person>/read/", own_page_views.read_page, name="caregiver_read"),
    path("episodes/<uuid:episode>/people/<uuid:person>/begin/", own_page_views.begin, name="screen_begin"),
    path("episodes/<uuid:episode>/people/<uuid:person>/record/<slug:tool>/", recorded_views.new, name="recorded_new"),
    path("results/<uuid:result>/", recorded_result_views.see, name="recorded"),
    path("results/<uuid:result>/correct/", recorded_views.correct, name="recorded_correct"),
    path("results/<uuid:result>/take-back/", taken_back_views.result, name="recorded_take_back"),
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
    path("screens/<uuid:screen>/take-back/", taken_back_views.screen, name="screen_take_back"),
    path("screens/<uuid:screen>/history/", result_views.history, name="screen_history"),
    path("screens/<uuid:screen>/help/", help_views.help_now, name="screen_help"),
    path("screens/<uuid:screen>/help/call-back/", help_views.call_back, name="screen_call_back"),
    path("tables/", table_views.overview, name="tables"),
    path("tables/<uuid:table>/", table_views.loaded, name="table"),
    path("tables/for/<slug:instrument>/", table_views.look, name="table_look"),
    path("tables/for/<slug:instrument>/example.csv", table_views.example, name="table_example"),
]
