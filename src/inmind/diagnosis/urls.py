from django.urls import include, path

from inmind.diagnosis import cosigning_views, draft_views, paper_views, version_views, views

FORMULATING = [
    path("families/<uuid:episode>/assessments/new/", views.open_assessment, name="assessment_open"),
    path("assessments/<uuid:assessment>/", views.assessment, name="assessment"),
    path("assessments/<uuid:assessment>/change/", views.change, name="assessment_change"),
    path("assessments/<uuid:assessment>/visits/", views.count, name="assessment_count"),
    path("assessments/<uuid:assessment>/close/", views.close, name="assessment_close"),
    path("assessments/<uuid:assessment>/sign/", views.sign, name="formulation_sign"),
    path("assessments/<uuid:assessment>/parts/<slug:axis>/", draft_views.part, name="draft_part"),
    path("assessments/<uuid:assessment>/parts/<slug:axis>/save/", draft_views.part_save, name="draft_part_save"),
    path(
        "assessments/<uuid:assessment>/relationships/<uuid:person>/",
        draft_views.relationship,
        name="draft_relationship",
    ),
    path(
        "assessments/<uuid:assessment>/relationships/<uuid:person>/save/",
        draft_views.relationship_save,
        name="draft_relationship_save",
    ),
    path(
        "assessments/<uuid:assessment>/relationships/<uuid:person>/take/",
        draft_views.relationship_take,
        name="draft_relationship_take",
    ),
    path(
        "assessments/<uuid:assessment>/environments/<int:environment>/",
        draft_views.environment,
        name="draft_environment",
    ),
    path(
        "assessments/<uuid:assessment>/environments/<int:environment>/save/",
        draft_views.environment_save,
        name="draft_environment_save",
    ),
    path("formulations/signing/", version_views.signing_rule, name="formulation_signing"),
    path("formulations/<uuid:formulation>/", version_views.formulation, name="formulation"),
    path("formulations/<uuid:formulation>/cosign/", version_views.cosign, name="formulation_cosign"),
    path("formulations/<uuid:formulation>/decline/", cosigning_views.decline, name="formulation_decline"),
    path("formulations/<uuid:formulation>/ask/", cosigning_views.ask, name="formulation_ask"),
    path("formulations/<uuid:formulation>/beside/<uuid:other>/", version_views.beside, name="formulations_beside"),
]

PAPERS = [
    path("families/<uuid:episode>/formulations/course/", paper_views.course, name="formulation_course"),
    path("formulations/<uuid:formulation>/report/", paper_views.report, name="formulation_report"),
    path("formulations/<uuid:formulation>/report/paper/", paper_views.report_paper, name="formulation_report_paper"),
    path("formulations/<uuid:formulation>/for-the-family/", paper_views.summary, name="formulation_summary"),
    path(
        "formulations/<uuid:formulation>/for-the-family/paper/",
        paper_views.summary_paper,
        name="formulation_summary_paper",
    ),
]

urlpatterns = [*FORMULATING, *PAPERS, path("", include("inmind.diagnosis.codes.urls"))]
