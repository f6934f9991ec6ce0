"""Incidents behind these: a random salt made every `up` a rotation; a password over 72 bytes was cut."""

import bcrypt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.password import hash_password, is_bcrypt_hash, password_problem

usable = st.text(min_size=1, max_size=18).filter(lambda text: password_problem(text) is None)


@given(usable, usable)
@settings(deadline=None, max_examples=5)
def test_the_hash_accepts_its_password_and_no_other(password, other):
    hashed = hash_password(password, "stack").encode()
    assert bcrypt.checkpw(password.encode(), hashed)
    assert bcrypt.checkpw(other.encode(), hashed) == (other == password)


def test_the_hash_is_stable_and_differs_between_stacks():
    assert hash_password("s3cret", "p/dev") == hash_password("s3cret", "p/dev")
    assert hash_password("s3cret", "p/dev") != hash_password("s3cret", "p/prod")


def test_the_salt_does_not_depend_on_the_password():
    """A salt made from the password would let an attacker try candidates without bcrypt."""
    assert hash_password("one", "p/dev")[:29] == hash_password("two", "p/dev")[:29]


def test_argo_cd_accepts_the_hash():
    assert is_bcrypt_hash(hash_password("s3cret", "p/dev"))


@pytest.mark.parametrize("text", ["", "s3cret", "$2b$10$short", "$5$10$" + "a" * 53, "$2b$99$" + "a" * 53])
def test_what_is_no_hash_is_refused(text):
    assert not is_bcrypt_hash(text)


@pytest.mark.parametrize(
    ("password", "problem"),
    [("", "empty"), ("  ", "empty"), ("a\0b", "NUL"), ("a" * 73, "73 bytes"), ("ä" * 37, "74 bytes")],
)
def test_what_bcrypt_cannot_take_is_refused(password, problem):
    assert problem in (password_problem(password) or "")


def test_72_bytes_are_accepted():
    assert password_problem("ä" * 36) is None
