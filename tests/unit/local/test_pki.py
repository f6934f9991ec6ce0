"""Certificates of a cluster."""

import datetime
import ipaddress
import socket
import ssl
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography import x509

from local import pki


@pytest.fixture
def authority(tmp_path):
    made = pki.Authority(tmp_path / "pki")
    made.server("server", ["127.0.0.1", "localhost"])
    made.client("admin", "someone", ["system:masters", "b"])
    return made


def read(authority, name):
    return x509.load_pem_x509_certificate((authority.folder / f"{name}.crt").read_bytes())


def test_only_the_owner_reads_the_keys(authority):
    for key in ("ca.key", "server.key", "admin.key"):
        assert stat.S_IMODE((authority.folder / key).stat().st_mode) == 0o600
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700


def test_a_client_names_user_and_groups(authority):
    subject = read(authority, "admin").subject
    assert [a.value for a in subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)] == ["someone"]
    groups = [a.value for a in subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)]
    assert groups == ["system:masters", "b"]


def test_a_server_names_its_addresses(authority):
    names = read(authority, "server").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [ipaddress.ip_address("127.0.0.1")]
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]


def test_they_hold_for_years(authority):
    left = read(authority, "server").not_valid_after_utc - datetime.datetime.now(datetime.UTC)
    assert left > datetime.timedelta(days=3600)


def test_nothing_is_made_twice(authority):
    before = {path.name: path.read_bytes() for path in authority.folder.iterdir()}
    again = pki.Authority(authority.folder)
    again.server("server", ["127.0.0.1"])
    again.client("admin", "another")
    pki.write_key(authority.folder / "ca.key")
    assert {path.name: path.read_bytes() for path in authority.folder.iterdir()} == before


def test_files_are_written_whole_even_at_once(tmp_path):
    """The emulator and `up` write the same kubeconfigs when both start a control plane."""
    contents = [bytes([number]) * 100_000 for number in range(8)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda content: pki.write_private(tmp_path / "file", content), contents * 5))
    assert (tmp_path / "file").read_bytes() in contents
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_server_and_client_trust_each_other(authority):
    """Mutual TLS, as etcd asks for it; the wrong name is refused."""
    folder = authority.folder
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.certificate)
    server.load_cert_chain(folder / "server.crt", folder / "server.key")
    server.verify_mode = ssl.CERT_REQUIRED
    client = ssl.create_default_context(cafile=authority.certificate)
    client.load_cert_chain(folder / "admin.crt", folder / "admin.key")
    assert talk(server, client, "localhost") == b"hello"
    with pytest.raises(ssl.SSLCertVerificationError):
        talk(server, client, "example.com")


def talk(server, client, name):
    """What a TLS client reads from a TLS server that it calls by this name."""
    ours, theirs = socket.socketpair()

    def serve():
        try:
            with server.wrap_socket(theirs, server_side=True) as connection:
                connection.sendall(b"hello")
        except ssl.SSLError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with ours, client.wrap_socket(ours, server_hostname=name) as connection:
            return connection.recv(5)
    finally:
        thread.join()
