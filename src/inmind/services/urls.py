from django.urls import path

from inmind.services.early import views as early_views
from inmind.services.finder import views as finder_views
from inmind.services.listings import asking_views, directory_views
from inmind.services.listings import views as listing_views
from inmind.services.matches import views as matches_views
from inmind.services.plans import handout_views
from inmind.services.plans import views as plan_views
from inmind.services.referrals import answer_views, bridge_views, face_views, funnel_views
from inmind.services.referrals import views as refer_views
from inmind.services.running import views as running_views

EARLY = [
    path("families/<uuid:episode>/early/<uuid:person>/", early_views.early, name="early"),
    path("families/<uuid:episode>/early/begin/", early_views.begin, name="early_begin"),
    path("families/<uuid:episode>/early/days/", early_views.days, name="early_days"),
    path("families/<uuid:episode>/early/pause/", early_views.pause, name="early_pause"),
    path("families/<uuid:episode>/early/pauses/<uuid:pause>/", early_views.change_pause, name="early_change_pause"),
    path("families/<uuid:episode>/early/delay/", early_views.delay, name="early_delay"),
    path("families/<uuid:episode>/early/delays/<uuid:delay>/", early_views.change_delay, name="early_change_delay"),
    path("families/<uuid:episode>/early/step/", early_views.step, name="early_step"),
    path("families/<uuid:episode>/early/close/", early_views.close, name="early_close"),
    path("families/<uuid:episode>/early/by-law/", early_views.by_law, name="early_by_law"),
    path("families/<uuid:episode>/early/notice/", early_views.notice, name="early_notice"),
    path("families/<uuid:episode>/early/notices/<uuid:notice>/", early_views.notice_sent, name="early_notice_sent"),
]

FINDER = [
    path("find/", finder_views.finder, name="finder"),
    path("find/near/", finder_views.finder_results, name="finder_results"),
    path("find/print/", finder_views.finder_print, name="finder_print"),
    path("find/card/", finder_views.finder_card, name="finder_card"),
    path("find/embed/", finder_views.finder_embed, name="finder_embed"),
    path("find/call/<uuid:listing>/", finder_views.finder_call, name="finder_call"),
    path("find/call/<uuid:listing>/next/", finder_views.finder_called, name="finder_called"),
    path("asked/<uuid:asked>/", finder_views.asked_call, name="asked_call"),
]

LISTINGS = [
    path("listings/", listing_views.listings, name="listings"),
    path("listings/new/", listing_views.add, name="listing_add"),
    path("listings/directory/", directory_views.bring, name="listings_bring"),
    path("listings/directory/hsds.zip", directory_views.take_out, name="listings_take_out"),
    path("listings/<uuid:listing>/", listing_views.listing, name="listing"),
    path("listings/<uuid:listing>/correct/", listing_views.correct, name="listing_correct"),
    path("listings/<uuid:listing>/for-families/", listing_views.correct_shown, name="listing_correct_shown"),
    path("listings/<uuid:listing>/opening/", listing_views.opening, name="listing_opening"),
    path("listings/<uuid:listing>/close/", listing_views.close, name="listing_close"),
    path("listings/<uuid:listing>/confirm/", listing_views.confirm, name="listing_confirm"),
    path("for-offices/listing/", asking_views.asked, name="listing_asked"),
    path("for-offices/listing/holds/", asking_views.confirm, name="listing_asked_confirm"),
    path("for-offices/listing/correct/", asking_views.correct, name="listing_asked_correct"),
    path("for-offices/listing/opening/", asking_views.opening, name="listing_asked_opening"),
    path("for-offices/listing/close/", asking_views.close, name="listing_asked_close"),
]

PLANS = [
    path("handouts/", handout_views.shelf, name="handouts"),
    path("handouts/<slug:handout>/", handout_views.one, name="handout"),
    path("families/<uuid:episode>/plan/", plan_views.plan, name="care_plan"),
    path("families/<uuid:episode>/plan/add/", plan_views.add, name="plan_add"),
    path("families/<uuid:episode>/plan/look/", plan_views.look, name="plan_look"),
    path("families/<uuid:episode>/plan/handouts/", plan_views.give, name="plan_handout"),
    path("families/<uuid:episode>/plan/print/<uuid:person>/", plan_views.printed, name="plan_print"),
    path("families/<uuid:episode>/services/new/", running_views.begin, name="service_begin"),
    path("plan/<uuid:item>/", plan_views.item, name="plan_item"),
    path("plan/<uuid:item>/let-go/", plan_views.let_go, name="plan_let_go"),
    path("plan/<uuid:item>/seen/", plan_views.seen, name="plan_seen"),
    path("plan/seen/<uuid:seen>/back/", plan_views.take_back, name="plan_seen_back"),
    path("plan/handouts/<uuid:given>/off/", plan_views.take_off, name="plan_handout_off"),
    path("for-you/plan/", plan_views.mine, name="own_plan"),
    path("for-you/plan/goal/", plan_views.my_goal, name="own_plan_goal"),
    path("for-you/plan/share/", plan_views.share, name="own_plan_share"),
    path("for-you/plan/back/<uuid:item>/", plan_views.i_take_back, name="own_plan_seen_back"),
    path("for-you/plan/<uuid:item>/", plan_views.i_see, name="own_plan_seen"),
    path("services/<uuid:service>/", running_views.service, name="service"),
    path("services/<uuid:service>/sessions/", running_views.plan_sessions, name="service_sessions"),
    path("services/<uuid:service>/end/", running_views.end, name="service_end"),
    path("services/<uuid:service>/called/", running_views.called, name="service_called"),
    path("services/sessions/<uuid:session>/", running_views.session, name="service_session"),
]

REFERRALS = [
    path("families/<uuid:episode>/matches/<uuid:person>/", matches_views.matches, name="matches"),
    path(
        "families/<uuid:episode>/refer/<uuid:person>/<uuid:listing>/",
        refer_views.referral_draft,
        name="referral_draft",
    ),
    path("referrals/how-far/", funnel_views.how_far, name="funnel"),
    path("referrals/<uuid:referral>/", refer_views.referral, name="referral"),
    path("referrals/<uuid:referral>/change/", refer_views.referral_change, name="referral_change"),
]

ANSWERS = [
    path("referrals/", answer_views.referrals, name="referrals"),
    path("referrals/in/", answer_views.referrals_in, name="referrals_in"),
    path("referrals/in/<uuid:referral>/", answer_views.referral_in, name="referral_in"),
    path("referrals/answer/", answer_views.office_referral, name="office_referral"),
    path("referrals/<uuid:referral>/code/", answer_views.referral_code, name="referral_code"),
    path("referrals/<uuid:referral>/introduced/", answer_views.introduced, name="referral_introduced"),
    path("for-you/referrals/<uuid:referral>/", answer_views.say_by_link, name="own_referral"),
]

FACES = [
    path("account/face/", face_views.own_face, name="own_face"),
    path("account/face/picture/", face_views.own_picture, name="own_picture"),
    path("account/face/remove/", face_views.remove, name="own_face_remove"),
    path("referrals/in/<uuid:referral>/face/", face_views.in_face, name="referral_in_face"),
    path("referrals/answer/face/", face_views.office_face, name="office_face"),
    path("referrals/<uuid:referral>/face/", face_views.referral_face, name="referral_face"),
    path("for-you/referrals/<uuid:referral>/face/", face_views.hers, name="own_referral_face"),
]

BRIDGE = [
    path("referrals/sheet/", bridge_views.sheet, name="referrals_sheet"),
    path("referrals/sheet/file/", bridge_views.sheet_file, name="referrals_sheet_file"),
    path("referrals/in/sheet/", bridge_views.sheet_in, name="referrals_in_sheet"),
    path("referrals/in/sheet/file/", bridge_views.sheet_in_file, name="referrals_in_sheet_file"),
    path("referrals/<uuid:referral>/paper/", bridge_views.paper, name="referral_paper"),
    path("referrals/in/<uuid:referral>/paper/", bridge_views.paper_in, name="referral_in_paper"),
]

urlpatterns = [*BRIDGE, *ANSWERS, *FACES, *EARLY, *FINDER, *LISTINGS, *PLANS, *REFERRALS]
