from django.urls import path

from inmind.reflection import count_views, office_views, place_views, session_views, views

urlpatterns = [
    path("reflection/", views.home, name="reflection"),
    path("reflection/hours/", session_views.own, name="reflection_hours"),
    path("reflection/hours/file/", session_views.take_out, name="reflection_take_out"),
    path("reflection/letters/", views.letters, name="reflection_letters"),
    path("reflection/counts/", count_views.told, name="reflection_counts"),
    path("reflection/find/", place_views.find, name="reflection_find"),
    path("reflection/offer/", place_views.offer, name="reflection_offer"),
    path("reflection/offers/<uuid:offering>/ask/", place_views.ask, name="reflection_ask"),
    path("reflection/offers/<uuid:offering>/show/", place_views.show, name="reflection_show"),
    path("reflection/asked/<uuid:asking>/", place_views.answer, name="reflection_answer_place"),
    path("reflection/new/<slug:side>/", views.propose, name="agreement_new"),
    path("reflection/agreements/<uuid:agreement>/", views.agreement, name="agreement"),
    path("reflection/agreements/<uuid:agreement>/answer/", views.answer, name="agreement_answer"),
    path("reflection/agreements/<uuid:agreement>/end/", views.end, name="agreement_end"),
    path("reflection/agreements/<uuid:agreement>/add/", views.add_person, name="agreement_add"),
    path("reflection/agreements/<uuid:agreement>/letter/", views.ask_outside, name="agreement_letter"),
    path("reflection/agreements/<uuid:agreement>/address/", views.say_address, name="agreement_address"),
    path("reflection/agreements/<uuid:agreement>/log/", session_views.log, name="hours_log"),
    path("reflection/sessions/confirm/", session_views.confirm_month, name="hours_confirm_month"),
    path("reflection/sessions/<uuid:hours>/", session_views.session, name="hours_session"),
    path("reflection/sessions/<uuid:hours>/confirm/", session_views.confirm, name="hours_confirm"),
    path("reflection/sessions/<uuid:hours>/correct/", session_views.correct, name="hours_correct"),
    path("reflection/sessions/<uuid:hours>/join/", session_views.join, name="hours_join"),
    path("reflection/changes/<uuid:change>/", session_views.agree, name="hours_agree"),
    path("confirm-hours/", office_views.asked, name="hours_asked"),
    path("confirm-hours/confirm/", office_views.confirm, name="hours_asked_confirm"),
    path("confirm-hours/holds/", office_views.holds, name="hours_asked_holds"),
    path("confirm-hours/stop/", office_views.stop, name="hours_asked_stop"),
]
