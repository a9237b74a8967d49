"""The pages of attendance, certificates and the transcript."""

from __future__ import annotations

from django.urls import path

from inmind.learning.attendance import door_views, views
from inmind.learning.certificates import transcript_views
from inmind.learning.certificates import views as certificate_views

TRAINING, MEETING = "keep/trainings/<uuid:training>/", "keep/meetings/<uuid:meeting>/"

ATTENDANCE = [
    path(f"{TRAINING}attendance/", views.training, name="attendance"),
    path(f"{TRAINING}attendance/counting/", views.counting, name="attendance_counting"),
    path(f"{TRAINING}certificates/", certificate_views.begin, name="certificates_begin"),
    path(MEETING, views.meeting, name="meeting_attendance"),
    path(f"{MEETING}log/", views.bring_log, name="meeting_log"),
    path(f"{MEETING}break/", views.set_break, name="meeting_break"),
    path(f"{MEETING}door/", door_views.screen, name="door"),
    path(f"{MEETING}door/open/", door_views.open_door, name="door_open"),
    path(f"{MEETING}sheet/", door_views.sheet, name="sign_in_sheet"),
    path(f"{MEETING}people/<uuid:member>/", views.person, name="meeting_person"),
    path(f"{MEETING}people/<uuid:member>/again/", views.count_again, name="meeting_count_again"),
    path(f"{MEETING}walk-in/", views.walk_in, name="walk_in"),
    path("keep/seen/<uuid:sighting>/walk-in/", views.walk_in_seen, name="walk_in_seen"),
    path("keep/seen/<uuid:sighting>/", views.sighting, name="sighting"),
    path("here/<str:opens>/", door_views.here, name="here"),
    path("certificates/<uuid:certificate>/", certificate_views.one, name="certificate"),
    path("certificates/<uuid:certificate>/pdf/", certificate_views.pdf, name="certificate_pdf"),
    path("verify/", certificate_views.verify, name="verify"),
    path("verify/<str:code>/", certificate_views.verify_one, name="verify_one"),
    path("transcript/", transcript_views.own, name="transcript"),
    path("transcript/pdf/", transcript_views.pdf, name="transcript_pdf"),
    path("transcript/csv/", transcript_views.sheet, name="transcript_csv"),
    path("transcript/elsewhere/", transcript_views.elsewhere, name="elsewhere"),
    path("transcript/elsewhere/<uuid:elsewhere>/back/", transcript_views.take_back, name="elsewhere_back"),
]
