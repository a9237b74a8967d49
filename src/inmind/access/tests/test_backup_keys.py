"""A backup sealed for a key is opened by that key's other half alone, and by nothing on the machine that wrote it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from inmind.access import envelope
from inmind.access.envelope import CHUNK, CannotOpen, Cost, PublicKey, SecretKey, new_key, read_key
from tests.upgrade import make
from tests.upgrade.places import empty_house

WORDS = "four unrelated words here"
SECRET = new_key()


def sealed(plain: bytes, to: str | PublicKey = SECRET.public) -> bytes:
    file = io.BytesIO()
    sealer = envelope.Sealer(file, to, Cost(log2_n=10))
    sealer.write(plain)
    sealer.close()
    return file.getvalue()


def opened(data: bytes, by: str | SecretKey = SECRET) -> bytes:
    return b"".join(envelope.opened(io.BytesIO(data), by))


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK], ids=lambda size: f"{size} bytes")
def test_what_was_sealed_for_a_key_opens_by_it(size: int) -> None:
    plain = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(plain[:size])) == plain[:size]


def test_nothing_else_opens_it_and_each_fault_has_its_sentence() -> None:
    """Not another key, not a passphrase, not the public key's own bytes; and a passphrase's file not by a key."""
    data = sealed(b"words")
    for by, sentence in (
        (new_key(), "This key does not open the file."),
        (SecretKey(SECRET.public.raw), "This key does not open the file."),
        (WORDS, "This backup is opened by a key"),
    ):
        with pytest.raises(CannotOpen) as fault:
            opened(data, by)
        assert sentence in fault.value.in_english()
    with pytest.raises(CannotOpen, match="opened by a passphrase, not by a key"):
        opened(sealed(b"words", WORDS))


def test_two_files_for_one_key_have_keys_of_their_own() -> None:
    one, other = sealed(b"the same"), sealed(b"the same")
    head = len(sealed(b"")) - envelope.TAG
    assert one[:head] != other[:head]
    with pytest.raises(CannotOpen):
        opened(one[:head] + other[head:])


def test_an_altered_byte_anywhere_does_not_open() -> None:
    """In the magic word, in the file's own public key, in the check or in a chunk; also a file that was cut."""
    data = sealed(b"some words of a family")
    for place in range(len(data)):
        altered = bytearray(data)
        altered[place] ^= 1
        with pytest.raises(CannotOpen):
            opened(bytes(altered))
        with pytest.raises(CannotOpen):
            opened(data[:place])


def test_a_public_key_that_would_make_every_secret_nothing_is_refused() -> None:
    """A head with a point of small order: the exchange has no secret, and the file is not opened with one."""
    data = bytearray(sealed(b"words"))
    start = len(envelope.MAGIC_FOR_KEY)
    data[start : start + 32] = bytes(32)
    with pytest.raises(CannotOpen, match="does not open"):
        opened(bytes(data))


def test_a_key_is_read_as_it_was_printed_and_a_slip_is_told() -> None:
    assert read_key(SecretKey, f" {SECRET}\n") == SECRET
    assert read_key(PublicKey, str(SECRET.public)) == SECRET.public
    written = str(SECRET.public)
    slip = written[:-5] + ("a" if written[-5] != "a" else "b") + written[-4:]
    for typed in (slip, written[:-1], written.upper(), str(SECRET), "", "inmind-public-", "inmind-public-!!!!"):
        with pytest.raises(CannotOpen, match="not a key of a backup"):
            read_key(PublicKey, typed)


def test_a_secret_key_is_not_told_by_accident() -> None:
    """In a trace or a log it has no words."""
    assert str(SECRET)[14:20] not in repr(SECRET)


@pytest.mark.slow
@pytest.mark.sqlite  # the envelope is the same whatever the database
def test_a_house_backs_up_for_a_key_it_does_not_hold_and_is_restored_by_it(tmp_path: Path) -> None:
    """By the commands: a pair is printed, the backup needs no passphrase, and only the secret key's file restores it."""
    with empty_house(tmp_path / "house") as house:
        make.begun(house)
        pair = house.command("keys", "new-backup-key").stdout.split()
        public = next(word for word in pair if word.startswith(PublicKey.WORD))
        secret = next(word for word in pair if word.startswith(SecretKey.WORD))
        archive, key = tmp_path / "kept.inmind", tmp_path / "secret.txt"
        done = house.command("backup", str(archive), "--to", public)
        assert done.returncode == 0, done.stderr
        assert not [file for file in house.home.rglob("*") if file.is_file() and secret.encode() in file.read_bytes()]
        with empty_house(tmp_path / "place") as place:
            onto = ["--database-url", place.database_url] if place.database_url else []
            words = ["restore", str(archive), "--into", str(place.home), *onto]
            refused = place.command(*words, "--passphrase-file", str(make.passphrase_file(house)))
            assert refused.returncode == 1
            assert "--key" in refused.stderr
            key.write_text(f"kept with the notary\n{secret}\n")
            said = place.command(*words, "--key", str(key))
            assert said.returncode == 0, said.stderr
            assert "Its trail is whole." in said.stdout
            assert make.run_in(place, "story") == make.run_in(house, "story")
