"""A mail server and a gateway on this machine, which answer as they are told, and keep what they took."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Mail(StreamRequestHandler):
    """SMTP, as much of it as a letter needs. By the name before the @ it answers with another code, or hangs up."""

    def handle(self) -> None:
        self.say(220)
        while line := self.rfile.readline():
            verb = line.decode("latin-1").strip().upper()
            if not self.answered(verb, line.decode("latin-1")):
                return

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()
        self.request.close()  # the one that was made of it where TLS began

    def answered(self, verb: str, line: str) -> bool:
        server: Any = self.server
        match verb[:4]:
            case "EHLO":
                offers = ["here", *server.offers]
                for one in offers[:-1]:
                    self.wfile.write(f"250-{one}\r\n".encode())
                self.wfile.write(f"250 {offers[-1]}\r\n".encode())
            case "STAR":
                self.say(220)
                self.request = server.context.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", 0)
            case "AUTH":
                self.say(server.codes.get("AUTH", 535))
            case "MAIL":
                self.say(server.codes.get("MAIL", 250))
            case "RCPT":
                self.to = line[line.index("<") + 1 : line.index(">")]
                self.say(server.codes.get(self.to.partition("@")[0], 250))
            case "DATA":
                self.say(354)
                if self.to.startswith("cut@"):
                    self.rfile.readline()
                    return False
                read = iter(self.rfile.readline, b".\r\n")
                words = b"".join(read)
                code = server.codes.get("DATA", 250)
                if code == 250:
                    server.taken.append((self.to, words.decode()))
                self.say(code)
            case "QUIT":
                self.say(221)
                return False
            case _:
                self.say(250)
        return True

    def say(self, code: int) -> None:
        self.wfile.write(f"{code} rosa@example.org is known here\r\n".encode())


class Server(ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up in the middle is no fault of ours."""


@contextmanager
def mail_server(
    codes: Mapping[str, int] | None = None, *, offers: tuple[str, ...] = (), context: ssl.SSLContext | None = None
) -> Iterator[Any]:
    """codes: the answer to `MAIL`, to `DATA`, or to an address by its name. `taken`: who got which words."""
    with Server(("127.0.0.1", 0), Mail) as server:
        server.codes, server.offers, server.context, server.taken = dict(codes or {}), offers, context, []  # type: ignore[attr-defined]
        yield from served(server)


class Texts(BaseHTTPRequestHandler):
    """A gateway that keeps what it is asked, and answers with what it is told."""

    def do_POST(self) -> None:
        server: Any = self.server
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server.taken.append({**asked, "path": self.path, "token": self.headers["Authorization"]})
        status, body = server.answer
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"http://127.0.0.1:{server.server_address[1]}/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Silence."""


class Gateway(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up in the middle is no fault of ours."""


@contextmanager
def gateway(
    status: int = 200, body: bytes = b'{"id": "m-1"}', *, context: ssl.SSLContext | None = None
) -> Iterator[Any]:
    with Gateway(("127.0.0.1", 0), Texts) as server:
        server.answer, server.taken = (status, body), []  # type: ignore[attr-defined]
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        yield from served(server)


def served(server: Any) -> Iterator[Any]:
    server.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server shows as `localhost`, signed by itself; and the file by which somebody may choose to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, private = folder / "shown.pem", folder / "private.pem"
    shown.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    kind = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, private)
    return context, shown
