"""The certificate by which Argo CD's programs know their repo server."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from planning import argocd
from planning.certificate import self_signed


def made():
    pem, key = self_signed(argocd.repo_server_names(), argocd.LOOPBACK)
    return x509.load_pem_x509_certificate(pem.encode()), load_pem_private_key(key.encode(), None)


def test_it_is_for_every_name_of_the_repo_server():
    certificate, _ = made()
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName)[0] == "argocd-repo-server"
    assert "argocd-repo-server.argocd.svc" in names.get_values_for_type(x509.DNSName)
    assert names.get_values_for_type(x509.IPAddress) == [ip_address("127.0.0.1")]


def test_it_vouches_for_itself_by_its_own_key():
    certificate, key = made()
    certificate.verify_directly_issued_by(certificate)
    assert certificate.public_key() == key.public_key()


def test_it_is_valid_now_and_for_years():
    """Incident: a certificate of a year ran out on a Saturday, and no Application synced any more."""
    certificate, _ = made()
    now = datetime.now(UTC)
    assert certificate.not_valid_before_utc < now
    assert certificate.not_valid_after_utc > now + timedelta(days=3600)


def test_no_two_installations_share_one():
    assert made()[1].private_numbers() != made()[1].private_numbers()
