from django.urls import path

from inmind.families import (
    adult_views,
    concern_views,
    correcting_views,
    episode_views,
    letter_views,
    map_views,
    rota_views,
    told_views,
    views,
)

urlpatterns = [
    path("families/new/", views.register, name="family_register"),
    path("families/ended/", episode_views.ended, name="families_ended"),
    path("families/<uuid:dyad>/siblings/new/", views.register_sibling, name="family_sibling"),
    path("families/<uuid:dyad>/adults/new/", views.add_adult, name="family_add_adult"),
    path("families/<uuid:dyad>/people/<uuid:person>/", adult_views.adult, name="family_adult"),
    path("families/<uuid:dyad>/people/<uuid:person>/correct/", correcting_views.correct, name="family_correct"),
    path("families/<uuid:dyad>/people/<uuid:person>/care/", adult_views.care, name="family_care"),
    path("families/<uuid:dyad>/people/<uuid:person>/languages/", adult_views.speech, name="family_speech"),
    path("families/<uuid:dyad>/people/<uuid:person>/background/", adult_views.described, name="family_described"),
    path("families/<uuid:dyad>/people/<uuid:person>/ways/", adult_views.way, name="family_way"),
    path(
        "families/<uuid:dyad>/people/<uuid:person>/ways/<uuid:way>/end/", adult_views.way_ends, name="family_way_ends"
    ),
    path("families/<uuid:dyad>/people/<uuid:person>/told/", told_views.told, name="family_told"),
    path("families/<uuid:dyad>/people/<uuid:person>/told/agree/", told_views.agree, name="family_agree"),
    path("families/<uuid:dyad>/people/<uuid:person>/told/new/", told_views.tell, name="family_tell"),
    path("families/<uuid:dyad>/people/<uuid:person>/told/<uuid:consent>/", told_views.paper, name="family_agreed"),
    path(
        "families/<uuid:dyad>/people/<uuid:person>/told/<uuid:consent>/withdraw/",
        told_views.withdraw,
        name="family_withdraw",
    ),
    path("families/<uuid:dyad>/letters/", letter_views.letters, name="family_letters"),
    path("families/<uuid:dyad>/letters/<uuid:letter>/again/", letter_views.again, name="family_letter_again"),
    path("families/<uuid:dyad>/letters/<uuid:letter>/back/", letter_views.back, name="family_letter_back"),
    path("families/<uuid:dyad>/living/", adult_views.home, name="family_home"),
    path("families/<uuid:dyad>/birth/", adult_views.birth, name="family_birth"),
    path("families/<uuid:dyad>/consent/", adult_views.consents, name="family_consent"),
    path("families/<uuid:dyad>/visits/new/", views.visit, name="family_visit"),
    path("families/<uuid:dyad>/worries/new/", concern_views.hear, name="family_concern"),
    path("families/<uuid:dyad>/map/print/", map_views.printed, name="family_map_print"),
    path("families/<uuid:dyad>/map/", map_views.change, name="family_map"),
    path("families/<uuid:dyad>/team/", views.join_team, name="family_team"),
    path("families/<uuid:dyad>/sides/new/", episode_views.side, name="family_side"),
    path("families/<uuid:dyad>/end/", episode_views.end, name="family_end"),
    path("families/<uuid:dyad>/looked/", views.looked, name="family_looked"),
    path("agency/on-call/", rota_views.on_call, name="on_call"),
    path("agency/hand-over/", episode_views.hand_over, name="hand_over"),
]
