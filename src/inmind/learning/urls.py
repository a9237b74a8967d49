"""The pages of learning."""

from __future__ import annotations

from django.urls import path

from inmind.learning.attendance.urls import ATTENDANCE
from inmind.learning.trainings import keeping_views, link_views, own_views, views

TRAININGS = [
    path("trainings/", views.trainings, name="trainings"),
    path("trainings/calendar.ics", views.calendar, name="trainings_calendar"),
    path("trainings/<uuid:training>/", views.training, name="training"),
    path("trainings/<uuid:training>/calendar.ics", views.training_calendar, name="training_calendar"),
    path("trainings/<uuid:training>/ask/", views.ask, name="training_ask"),
    path("trainings/<uuid:training>/seat/", own_views.take, name="training_seat"),
    path("trainings/<uuid:training>/give-up/", own_views.give_up, name="training_give_up"),
    path("learning/", own_views.own, name="learning"),
    path("learning/about-you/", own_views.say_of_self, name="say_of_self"),
    path("learning/calendar/", own_views.make_calendar, name="make_calendar"),
    path("learning/calendar/<str:secret>/trainings.ics", views.own_calendar, name="own_calendar"),
    path("seat/", link_views.seat, name="seat_by_link"),
    path("seat/take/", link_views.take, name="seat_by_link_take"),
    path("seat/bill/", link_views.bill, name="seat_by_link_bill"),
    path("seat/certificate.pdf", link_views.certificate, name="seat_by_link_certificate"),
    path("seat/give-up/", link_views.give_up, name="seat_by_link_give_up"),
    path("keep/trainings/", keeping_views.kept, name="kept_trainings"),
    path("keep/trainings/add/", keeping_views.add, name="training_add"),
    path("keep/trainings/reach/", keeping_views.reach, name="trainings_reach"),
    path("keep/trainings/<uuid:training>/", keeping_views.one, name="kept_training"),
    path("keep/trainings/<uuid:training>/change/", keeping_views.change, name="training_change"),
    path("keep/trainings/<uuid:training>/doors/", keeping_views.doors, name="training_doors"),
    path("keep/trainings/<uuid:training>/call-off/", keeping_views.call_off, name="training_call_off"),
    path("keep/trainings/<uuid:training>/somebody/", keeping_views.seat_somebody, name="training_somebody"),
    path("keep/trainings/<uuid:training>/end-seat/<uuid:person>/", keeping_views.end_seat, name="training_end_seat"),
]

urlpatterns = [*TRAININGS, *ATTENDANCE]
