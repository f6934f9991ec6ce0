"""bcrypt hashing of Argo CD's admin password.

Argo CD stores the hash in the key `admin.password` of its Secret and compares logins with it
(Argo CD FAQ, "I forgot the admin password, how do I reset it?").
"""

from __future__ import annotations

import base64
import hashlib
import re

import bcrypt

#: bcrypt reads 72 bytes; what follows would be ignored, so that a longer password is weaker than it looks.
MAX_PASSWORD_BYTES = 72
#: log2 of the rounds; the cost that `argocd account bcrypt` uses.
COST = 10

#: Version, cost and 53 characters of salt and digest in bcrypt's own base64 alphabet.
_HASH = re.compile(r"\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}")
_STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BCRYPT = b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def password_problem(password: str) -> str | None:
    """Say why bcrypt cannot take `password`, without repeating it; None if it can."""
    if not password.strip():
        return "is empty"
    if "\0" in password:
        return "holds a NUL character, which ends a bcrypt password"
    size = len(password.encode())
    if size > MAX_PASSWORD_BYTES:
        return f"is {size} bytes long; bcrypt reads {MAX_PASSWORD_BYTES}"
    return None


def is_bcrypt_hash(text: str) -> bool:
    """Tell whether `text` is a whole bcrypt hash that Argo CD accepts."""
    return _HASH.fullmatch(text) is not None


def hash_password(password: str, scope: str) -> str:
    """Hash `password` with bcrypt, the same result for the same arguments.

    A random salt would change the hash, and so the Secret, at every `pulumi up`. The salt is therefore
    derived from `scope` (which stack of which project), never from the password: a salt that depends on the
    password lets an attacker try candidates at the speed of the derivation instead of bcrypt's.
    """
    salt = hashlib.sha256(f"argocd-admin:{scope}".encode()).digest()[:16]
    encoded = base64.b64encode(salt).rstrip(b"=").translate(bytes.maketrans(_STANDARD, _BCRYPT))
    return bcrypt.hashpw(password.encode(), b"$2b$%02d$%s" % (COST, encoded)).decode()
