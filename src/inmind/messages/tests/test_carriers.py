"""Against a real mail server and a real gateway on this machine: what is taken, what is refused, what may pass."""

from __future__ import annotations

import email
import re
import socket
import ssl
from email import policy
from pathlib import Path
from typing import Any

import pytest

from inmind.foundation.registries import Grade
from inmind.messages import carriers
from inmind.messages.adapters import mail, texts
from inmind.messages.errors import NotTaken, TryLater
from inmind.messages.tests import servers

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def real(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A house that is no demonstration, whose letters leave by a mail server of this machine."""
    for module in (mail, texts, carriers):
        monkeypatch.setattr(module, "is_demo", lambda: False)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = SMTP, "localhost", 5
    settings.DEFAULT_FROM_EMAIL, settings.NEUTRAL_SENDER = "notes@example.org", "Notas y más"
    return settings


def post(server: Any, settings: Any, to: str, **named: str) -> None:
    settings.EMAIL_PORT = server.port
    said = {"subject": "Your link", "body": "Here it is.\n", "named": "visit_link", "id": "0190-a"} | named
    mail.send(to=to, **said)


def test_a_letter_leaves_from_a_neutral_name(real: Any) -> None:
    """To one reader, under an id by which a server knows it again; no header says which program wrote it."""
    with servers.mail_server() as server:
        post(server, real, "rosa@example.org")
    [(to, words)] = server.taken
    said = email.message_from_string(words, policy=policy.default)
    assert (to, said["To"], said["From"]) == ("rosa@example.org",) * 2 + ("Notas y más <notes@example.org>",)
    assert (said["Subject"], said["Message-ID"]) == ("Your link", "<0190-a@letters.invalid>")
    assert "inmind" not in words.lower()


@pytest.mark.parametrize(
    ("to", "codes", "kind"),
    [
        ("late@example.org", {"late": 451}, TryLater),
        ("busy@example.org", {"busy": 421}, TryLater),
        ("nobody@example.org", {"nobody": 550}, NotTaken),
        ("full@example.org", {"DATA": 552}, NotTaken),
        ("rosa@example.org", {"DATA": 451}, TryLater),
        ("rosa@example.org", {"MAIL": 550}, TryLater),
        ("cut@example.org", {}, TryLater),
        ("a@example.org, b@example.org", {}, NotTaken),
        ("a@example.org\nBcc: b@example.org", {}, NotTaken),
        ("", {}, NotTaken),
    ],
    ids=[
        "greylisted",
        "busy",
        "nobody of that name",
        "the words are refused",
        "not now",
        "the sender is refused: ours to mend",
        "cut off in the middle",
        "two readers in one",
        "a header in an address",
        "nothing",
    ],
)
def test_what_a_mail_server_says_is_for_good_or_may_pass(
    to: str, codes: dict[str, int], kind: type[Exception], real: Any
) -> None:
    """And nothing that it says, which may repeat an address, goes into what is kept."""
    with servers.mail_server(codes) as server, pytest.raises(kind) as refusal:
        post(server, real, to)
    assert not server.taken
    assert "rosa" not in str(refusal.value) + getattr(refusal.value, "why", "")


def test_a_subject_of_two_lines_never_becomes_a_header(real: Any) -> None:
    with servers.mail_server() as server, pytest.raises(NotTaken):
        post(server, real, "rosa@example.org", subject="Your link\r\nBcc: ana@example.org")
    assert not server.taken


@pytest.mark.parametrize("offers", [(), ("STARTTLS",)], ids=["no TLS is offered", "its certificate is nobody's"])
def test_no_letter_leaves_in_the_open(offers: tuple[str, ...], real: Any, tmp_path: Path) -> None:
    """Neither does the password."""
    real.EMAIL_USE_TLS, real.EMAIL_HOST_USER, real.EMAIL_HOST_PASSWORD = True, "notes", "swordfish"
    context, _ = servers.certificate(tmp_path)
    with servers.mail_server(offers=offers, context=context) as server, pytest.raises(TryLater):
        post(server, real, "rosa@example.org")
    assert not server.taken


def test_a_letter_leaves_by_tls_and_with_a_password(real: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real.EMAIL_USE_TLS, real.EMAIL_HOST_USER, real.EMAIL_HOST_PASSWORD = True, "notes", "swordfish"
    context, shown = servers.certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(shown))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    with servers.mail_server({"AUTH": 235}, offers=("STARTTLS", "AUTH PLAIN"), context=context) as server:
        post(server, real, "rosa@example.org")
    assert [to for to, _ in server.taken] == ["rosa@example.org"]


def doctor_on_mail(settings: Any, server: Any = None, *, port: int = 0) -> Any:
    settings.EMAIL_PORT = server.port if server else port
    return carriers._mail_server()


def test_doctor_says_that_the_mail_server_takes_letters(real: Any) -> None:
    """Nothing is sent to anybody."""
    with servers.mail_server() as server:
        found = doctor_on_mail(real, server)
    assert (found.grade, found.says) == (Grade.WELL, "localhost takes letters.") and not server.taken


def test_doctor_says_what_is_wrong_with_the_mail_server(real: Any, tmp_path: Path) -> None:
    """Each in a sentence of its own, without the password."""
    context, _ = servers.certificate(tmp_path)
    said = []
    with servers.mail_server({"MAIL": 553}) as server:
        said.append(doctor_on_mail(real, server))
    with servers.mail_server(offers=("AUTH PLAIN",)) as server:
        real.EMAIL_HOST_USER, real.EMAIL_HOST_PASSWORD = "notes", "swordfish"
        said.append(doctor_on_mail(real, server))
    with servers.mail_server(offers=("STARTTLS",), context=context) as server:
        real.EMAIL_USE_TLS = True
        said.append(doctor_on_mail(real, server))
        server.offers = ()
        said.append(doctor_on_mail(real, server))
        port = server.port
    said.append(doctor_on_mail(real, port=port))
    for one, expected in zip(
        said,
        ("refuses letters from the address", "does not take this user", "a certificate that", "offers no TLS", "no connection at port"),
        strict=True,
    ):  # fmt: skip
        assert one.grade is Grade.HAND and expected in one.says and one.do
        assert "swordfish" not in one.says + one.do


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (socket.gaierror(), "No machine is known by the name"),
        (ssl.SSLError(), "does not speak TLS at port 465"),
        (TimeoutError(), "did not answer at port 465 within"),
        (mail.smtplib.SMTPServerDisconnected("rosa"), "closed the connection"),
        (mail.smtplib.SMTPConnectError(554, b"rosa"), "answers with 554"),
        (OSError("rosa"), "cannot be spoken with (OSError)"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_each_fault_has_its_sentence(fault: Exception, says: str) -> None:
    found, do = carriers.what_is_wrong(fault, "mail.example.org", 465)
    assert says in found and do and "rosa" not in found + do


# Text messages

WORDS = {"body": "Here is the link.", "named": "visit_link-0a1b2c", "id": "0190-a"}


def by_text(server: Any, settings: Any, to: str = "(202) 555-0142", **named: str) -> str:
    settings.TEXT_GATEWAY, settings.TEXT_TOKEN = f"http://127.0.0.1:{server.port}/send?x=1", "token-1"
    return texts.port().send(to=to, **(WORDS | named))


def test_a_text_goes_to_the_gateway_and_its_name_there_is_kept(real: Any) -> None:
    with servers.gateway(202) as server:
        assert by_text(server, real) == "m-1"
    said = {"to": "+12025550142", "text": "Here is the link.", "id": "0190-a"}
    assert server.taken == [said | {"path": "/send?x=1", "token": "Bearer token-1"}]


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b'{"id": 7}', b'{"id": "' + b"9" * 101 + b'"}', b"x" * 10_000_000]
)
def test_an_answer_that_says_nothing_still_means_that_it_was_taken(body: bytes, real: Any) -> None:
    """However long it is."""
    with servers.gateway(200, body) as server:
        assert by_text(server, real) == ""


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((code, NotTaken) for code in (400, 404, 410, 422)),
        *((code, TryLater) for code in (301, 307, 401, 403, 429, 500, 503)),
    ],
)
def test_what_a_gateway_says_is_for_good_or_may_pass(status: int, kind: type[Exception], real: Any) -> None:
    """A number that asked for an end (`STOP`) is refused for good; a redirect is not followed: the words would go there."""
    with servers.gateway(status, b"rosa") as server, pytest.raises(kind):
        by_text(server, real)
    assert len(server.taken) == 1


def test_a_gateway_is_known_by_its_certificate(real: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that nobody vouches for gets nothing; the same one, vouched for, does."""
    context, shown = servers.certificate(tmp_path)
    with servers.gateway(context=context) as server:
        real.TEXT_GATEWAY, real.TEXT_TOKEN = f"https://localhost:{server.port}/", ""
        with pytest.raises(TryLater, match=r"does not take it now"):
            texts.port().send(to="+12025550142", **WORDS)
        assert [one.grade for one in carriers._texts()] == [Grade.HAND]
        assert not server.taken
        trusting = ssl.create_default_context(cafile=str(shown))
        monkeypatch.setattr(texts.ssl, "create_default_context", lambda: trusting)
        assert texts.port().send(to="+12025550142", **WORDS) == "m-1"
        assert [one.grade for one in carriers._texts()] == [Grade.WELL]
        real.TEXT_GATEWAY = (
            f"http://10.0.0.1:{server.port}/"  # whatever a setting says: never in the open to another machine
        )
        assert isinstance(texts.connected(texts.urlsplit(real.TEXT_GATEWAY)), texts.HTTPSConnection)


def test_nobody_answers(real: Any) -> None:
    with servers.gateway() as server:
        pass
    with pytest.raises(TryLater) as later:
        by_text(server, real)
    assert later.value.why == "ConnectionRefusedError"


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ({"to": "555-0142"}, NotTaken),
        ({"to": "+12025550142,+12025550143"}, NotTaken),
        ({"body": "x" * 10_000_000}, ValueError),
        ({"body": "one\ntwo"}, ValueError),
        ({"body": "one\x00"}, ValueError),
    ],
    ids=["no area", "two numbers", "ten megabytes", "two lines", "a zero character"],
)
@pytest.mark.parametrize("leaves", [True, False], ids=["gateway", "outbox"])
def test_what_no_text_of_ours_is_goes_nowhere(
    named: dict[str, str], kind: type[Exception], leaves: bool, real: Any, tmp_path: Path
) -> None:
    real.EMAIL_FILE_PATH = tmp_path / "outbox"
    with servers.gateway() as server, pytest.raises(kind):
        if leaves:
            by_text(server, real, **named)
        else:
            texts.Outbox().send(**({"to": "+12025550142"} | WORDS | named))
    assert not server.taken and not list(tmp_path.rglob("*.txt"))


def test_texts_of_a_demonstration_never_leave(real: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever gateway is set: each is a file that its owner alone reads, whose name tells its kind and nobody's number."""
    monkeypatch.setattr(texts, "is_demo", lambda: True)
    real.EMAIL_FILE_PATH = tmp_path / "outbox"
    with servers.gateway() as server:
        for _ in range(2):
            assert by_text(server, real) == ""
    assert not server.taken and texts.port().leaves is False
    files = sorted((tmp_path / "outbox").iterdir())
    assert len(files) == 2
    for file in files:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{6}-visit_link-0a1b2c-text(-1)?\.txt", file.name)
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_text() == "To: +12025550142\nId: 0190-a\n\nHere is the link.\n"
