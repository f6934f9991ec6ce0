"""Certificates of a cluster: one authority, and a key pair per server and client that it signs."""

import datetime
import ipaddress
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = ec.EllipticCurvePrivateKey

LIFETIME = datetime.timedelta(days=3650)
"""As long as kubeadm's authority lives: nobody renews what is made for one machine."""


class Authority:
    """A certificate authority in a folder, made there if missing.

    A pair `name` is the files `<name>.crt` and `<name>.key` (mode 0600) in PEM.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / "ca.crt").exists():
            _write_pair(folder, "ca", *_self_signed("kubernetes"))

    @property
    def certificate(self) -> Path:
        """The authority's own certificate."""
        return self.folder / "ca.crt"

    def server(self, name: str, hosts: Sequence[str]) -> None:
        """A pair for a server that is called by these DNS names and addresses; also good as a client."""
        self._sign(name, name, [], hosts)

    def client(self, name: str, user: str, groups: Sequence[str] = ()) -> None:
        """A pair for a Kubernetes user."""
        self._sign(name, user, groups, [])

    def _sign(self, name: str, user: str, groups: Sequence[str], hosts: Sequence[str]) -> None:
        if (self.folder / f"{name}.crt").exists():
            return
        issuer = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        pem = (self.folder / "ca.key").read_bytes()
        signer = cast(PrivateKey, serialization.load_pem_private_key(pem, None))
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
        subject = x509.Name([*names, x509.NameAttribute(NameOID.COMMON_NAME, user)])
        usage = [ExtendedKeyUsageOID.CLIENT_AUTH, *([ExtendedKeyUsageOID.SERVER_AUTH] if hosts else [])]
        builder = _builder(subject, issuer.subject, key)
        builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=False)
        if hosts:
            alternatives = x509.SubjectAlternativeName([_host(host) for host in hosts])
            builder = builder.add_extension(alternatives, critical=False)
        _write_pair(self.folder, name, key, builder.sign(signer, hashes.SHA256()))


def write_private(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all, that only its owner can read."""
    # Under a name of its own: two processes may write the same file at once. Temporary files have mode 0600.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)


def write_key(path: Path) -> None:
    """Make a private key, unless it is there."""
    if not path.exists():
        write_private(path, _private(ec.generate_private_key(ec.SECP256R1())))


def _self_signed(name: str) -> tuple[PrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _builder(subject, subject, key)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return key, builder.sign(key, hashes.SHA256())


def _builder(subject: x509.Name, issuer: x509.Name, key: PrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + LIFETIME)
    )


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _private(key: PrivateKey) -> bytes:
    # The API server takes no other form of the key with which it signs tokens.
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _write_pair(folder: Path, name: str, key: PrivateKey, certificate: x509.Certificate) -> None:
    write_private(folder / f"{name}.key", _private(key))
    # The certificate last: it tells that the pair is complete.
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
