from django.urls import path

from inmind.endorsement import about_views, goal_views, hours_views, keeping_views, list_views, renewal_views, views

urlpatterns = [
    path("endorsement/", views.mine, name="my_endorsement"),
    path("endorsement/scope/<str:category>/", views.scope, name="my_scope"),
    path("endorsement/about-me/", about_views.about_me, name="about_me"),
    path("endorsement/say/", about_views.say, name="endorsement_say"),
    path("endorsement/work/", about_views.say_work, name="endorsement_work"),
    path("endorsement/work/<uuid:work>/answer/", about_views.answer_of_work, name="endorsement_work_answer"),
    path("endorsement/work/<uuid:work>/take-back/", about_views.take_back_work, name="endorsement_work_back"),
    path("endorsement/references/", about_views.note_rating, name="endorsement_rating"),
    path(
        "endorsement/references/<uuid:rating>/take-back/", about_views.take_back_rating, name="endorsement_rating_back"
    ),
    path("endorsement/goals/", goal_views.set_goal, name="endorsement_set_goal"),
    path("endorsement/goals/<uuid:goal>/end/", goal_views.end_goal, name="endorsement_end_goal"),
    path("endorsement/shown/", goal_views.shares, name="my_shares"),
    path("endorsement/shown/<uuid:share>/end/", goal_views.end_share, name="endorsement_end_share"),
    path("endorsement/shown/<uuid:share>/", goal_views.shared, name="endorsement_shared"),
    path("endorsement/hours/", hours_views.counted, name="my_hours"),
    path("endorsement/hours/<slug:hour_kind>/<str:hour>/", hours_views.does_it_count, name="does_it_count"),
    path("endorsement/coverage/", hours_views.my_coverage, name="my_coverage"),
    path("endorsement/sheet/", hours_views.my_sheet, name="my_sheet"),
    path("endorsement/sheet.txt", hours_views.my_sheet_text, name="my_sheet_text"),
    path("endorsement/sheet.csv", hours_views.my_sheet_csv, name="my_sheet_csv"),
    path("endorsement/renewal/", renewal_views.my_renewal, name="my_renewal"),
    path("endorsement/moving/", renewal_views.moving, name="my_move"),
    path("endorsement/looked/", views.looked, name="endorsement_looked"),
    path("endorsement/held/<uuid:endorsement>/registry/", views.show_in_registry, name="endorsement_in_registry"),
    path("endorsements/", keeping_views.goals, name="endorsements"),
    path("endorsements/here/", keeping_views.issued, name="endorsements_issued"),
    path("endorsements/goals/<uuid:goal>/", keeping_views.goal, name="endorsement_goal"),
    path("endorsements/held/<uuid:endorsement>/", keeping_views.end, name="endorsement_end"),
    path("endorsements/<uuid:association>/record/", keeping_views.record, name="endorsement_record"),
    path("endorsements/<uuid:association>/list/", list_views.take_in, name="endorsement_take_in"),
    path("endorsements/<uuid:association>/renewals/", keeping_views.renewals, name="endorsement_renewals"),
    path("endorsements/<uuid:association>/rules/", keeping_views.rules, name="endorsement_rules"),
    path("endorsements/<uuid:association>/rules/look/", keeping_views.preview, name="endorsement_preview"),
    path("registry/", keeping_views.registry, name="registry"),
]
