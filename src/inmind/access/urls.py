"""Signing in, one's own account, the people page. Names that allauth looks up keep allauth's name."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import path

from inmind.access import emergency_views, link_views, passkey_views, privacy_views, sign_in_views, sign_on_views, views
from inmind.access.door import door


def _open(reason: str, view):  # type: ignore[no-untyped-def]
    return door(public=reason)(view)


urlpatterns = [
    path("sign-in/", _open("signing in", sign_on_views.SignInPage.as_view()), name="account_login"),
    path(
        "sign-in/code/",
        _open("the second step of signing in", passkey_views.SecondStep.as_view()),
        name="mfa_authenticate",
    ),
    path("sign-in/code/passkey/", passkey_views.second_step, name="passkey_second_step"),
    path("sign-in/passkey/", passkey_views.sign_in, name="passkey_sign_in"),
    path("sign-in/agency/back/", sign_on_views.come_back, name="sign_on_back"),
    path("sign-in/agency/<uuid:organization>/", sign_on_views.go, name="sign_on"),
    path("sign-in/link/", sign_in_views.ask_link, name="ask_sign_in_link"),
    path("sign-in/link/sent/", sign_in_views.link_sent, name="sign_in_link_sent"),
    path("sign-in/link/<str:secret>/", sign_in_views.use_link, name="sign_in_link"),
    path("sign-out/", _open("signing out", sign_in_views.leaves_nothing(account.logout)), name="account_logout"),
    path("account/closed/", _open("says that an account is closed", account.account_inactive), name="account_inactive"),
    path("account/", sign_in_views.own_account, name="own_account"),
    path("account/first/", sign_in_views.first_steps, name="first_steps"),
    path(
        "account/again/",
        sign_in_views.own(sign_in_views.with_a_way(account.reauthenticate)),
        name="account_reauthenticate",
    ),
    path(
        "account/again/code/",
        sign_in_views.own(sign_in_views.with_a_way(passkey_views.Again.as_view())),
        name="mfa_reauthenticate",
    ),
    path("account/again/passkey/", passkey_views.again, name="mfa_reauthenticate_webauthn"),
    path("account/password/", sign_in_views.password, name="account_set_password"),
    path("account/language/", sign_in_views.choose_language, name="choose_language"),
    path("account/<uuid:account>/work-phone/", sign_in_views.keep_work_phone, name="keep_work_phone"),
    path("account/sessions/<str:mark>/end/", sign_in_views.end_session, name="end_session"),
    path("account/sessions/end/", sign_in_views.end_sessions, name="end_sessions"),
    path("account/second-factor/", sign_in_views.enrol, name="mfa_activate_totp"),
    path("account/second-factor/replace/", sign_in_views.replace_factor, name="mfa_deactivate_totp"),
    path("account/second-factor/codes/", sign_in_views.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new/", sign_in_views.fresh_codes, name="mfa_generate_recovery_codes"),
    path("account/passkeys/new/", passkey_views.enrol, name="new_passkey"),
    path("account/passkeys/<str:mark>/end/", passkey_views.end, name="end_passkey"),
    path("account/agency/<uuid:organization>/link/", sign_on_views.link, name="link_sign_on"),
    path("account/agency/<uuid:organization>/unlink/", sign_on_views.unlink, name="unlink_sign_on"),
    path("agencies/<uuid:organization>/sign-in/", sign_on_views.settings_of, name="sign_on_settings"),
    path("agencies/<uuid:organization>/sign-in/end/", sign_on_views.end, name="end_sign_on"),
    path("l/leave/", link_views.leave, name="leave_link"),
    path("l/over/", link_views.over, name="link_over"),
    path("l/<str:secret>/", link_views.open_link, name="open_link"),
    path("o/", link_views.office_code, name="office_code"),
    path("o/over/", link_views.office_over, name="office_link_over"),
    path("o/<str:secret>/", link_views.open_office_link, name="office_link_open"),
    path("privacy/", privacy_views.overview, name="privacy"),
    path("privacy/told/", privacy_views.told, name="told_outside"),
    path("privacy/people/<uuid:person>/", privacy_views.kept_person, name="kept_person"),
    path("privacy/people/<uuid:person>/hold/", privacy_views.set_hold, name="set_hold"),
    path("privacy/people/<uuid:person>/erase/", privacy_views.ask_erasure, name="ask_erasure"),
    path("privacy/holds/<uuid:hold>/", privacy_views.hold, name="hold"),
    path("privacy/erasures/<uuid:erasure>/", privacy_views.erasure, name="erasure"),
    path("privacy/erasures/<uuid:erasure>/withdraw/", privacy_views.withdraw, name="withdraw_erasure"),
    path("emergency/", emergency_views.ask, name="emergency"),
    path("emergency/open/", emergency_views.open_family, name="open_emergency"),
    path("emergency/<uuid:emergency>/end/", emergency_views.end, name="end_emergency"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<uuid:assignment>/", views.role, name="role"),
    path("people/<uuid:assignment>/another-role/", views.give_role, name="give_role"),
    path("people/<uuid:assignment>/end/", views.end_role, name="end_role"),
    path("people/<uuid:assignment>/lost-phone/", views.forget_factor, name="forget_factor"),
]
