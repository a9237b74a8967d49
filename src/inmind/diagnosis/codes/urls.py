from django.urls import path

from inmind.diagnosis.codes import claim_views, table_views, views

urlpatterns = [
    path("crosswalk/", views.crosswalk, name="crosswalk"),
    path("crosswalk/load/", table_views.load, name="crosswalk_load"),
    path("crosswalk/example.csv", table_views.example, name="crosswalk_example"),
    path("crosswalk/tables/<uuid:codes_table>/", table_views.table, name="crosswalk_table"),
    path("crosswalk/tables/<uuid:codes_table>/answer/", table_views.answer, name="crosswalk_answer"),
    path("crosswalk/releases/<uuid:codes_release>/", views.release, name="crosswalk_release"),
    path("agency/payers/", views.payers, name="payers"),
    path("formulations/<uuid:formulation>/code/", claim_views.claim, name="formulation_claim"),
    path("formulations/<uuid:formulation>/code/choose/", claim_views.choose, name="formulation_choose_code"),
]
