"""Settings of how Argo CD is installed: size, exposure, who may enter, values of the chart."""

from __future__ import annotations

from planning import config_values
from planning.argocd_exposure import KINDS, Exposure
from planning.argocd_ha import PROFILES, ExternalRedis
from planning.argocd_rbac import Access, Sso, group_problem
from planning.argocd_values import Installation
from planning.config_reader import Reader
from settings.secrets import Secrets


def read(reader: Reader, secrets: Secrets) -> Installation:
    """Read the keys of an installation."""
    url = config_values.url(reader, "argocdUrl", "https")
    return Installation(
        url=url,
        reconciliation_seconds=reader.integer("argocdReconciliationSeconds", 1, 3600),
        profile=reader.choice("argocdProfile", PROFILES),
        external_redis=_external_redis(reader, secrets),
        exposure=_exposure(reader, url),
        access=_access(reader, secrets, url),
        service_monitors=reader.boolean("argocdServiceMonitors"),
        overrides=reader.mapping("argocdValues"),
    )


def _external_redis(reader: Reader, secrets: Secrets) -> ExternalRedis | None:
    host, port = config_values.address(reader, "argocdExternalRedis", 6379)
    password = secrets.read("argocdExternalRedisPassword")
    if host and not password:
        cause = "names a Redis without argocdExternalRedisPassword"
        reader.refuse("argocdExternalRedis", cause, secrets.remedy("argocdExternalRedisPassword"))
    if password and not host:
        reader.refuse(
            "argocdExternalRedisPassword", "is for no Redis", "Set argocdExternalRedis", secret=True
        )
    return ExternalRedis(host, port, password) if host else None


def _exposure(reader: Reader, url: str | None) -> Exposure:
    exposure = Exposure(
        kind=reader.choice("argocdExposure", KINDS),
        internet_facing=reader.boolean("argocdInternetFacing"),
        allowed_cidrs=tuple(str(network) for network in reader.networks("argocdAllowedCidrs")),
        certificate_arn=config_values.certificate_arn(reader, "argocdCertificateArn"),
    )
    if exposure.kind == "ClusterIP":
        for key, value in (
            ("argocdInternetFacing", exposure.internet_facing),
            ("argocdAllowedCidrs", exposure.allowed_cidrs),
            ("argocdCertificateArn", exposure.certificate_arn),
        ):
            if value:
                cause = "is about a load balancer, and argocdExposure has none"
                reader.refuse(key, cause, "Set argocdExposure to LoadBalancer or Ingress, or leave it out")
        return exposure
    if not url:
        reader.refuse("argocdUrl", "is empty, and argocdExposure opens it", "Set it to https://HOST")
    if exposure.kind == "Ingress" and not exposure.certificate_arn:
        reader.refuse(
            "argocdCertificateArn", "is empty, and the Ingress needs it", "Set the ARN of a certificate"
        )
    if "0.0.0.0/0" in exposure.allowed_cidrs:
        reader.refuse("argocdAllowedCidrs", "opens Argo CD to everybody", "Name the networks of its users")
    elif exposure.internet_facing and not exposure.allowed_cidrs:
        cause = "is empty, and argocdInternetFacing opens Argo CD to the internet"
        reader.refuse("argocdAllowedCidrs", cause, "Name the networks of its users")
    return exposure


def _access(reader: Reader, secrets: Secrets, url: str | None) -> Access:
    sso = _sso(reader, secrets, url)
    access = Access(
        sso=sso,
        local_admin=reader.boolean("argocdLocalAdmin") or sso is None,
        admin_groups=_groups(reader, "argocdAdminGroups"),
        developer_groups=_groups(reader, "argocdDeveloperGroups"),
    )
    if sso and not access.local_admin and not access.admin_groups:
        cause = "is empty, and the local admin is off: nobody could administer Argo CD"
        reader.refuse("argocdAdminGroups", cause, "Name a group, or set argocdLocalAdmin")
    return access


def _sso(reader: Reader, secrets: Secrets, url: str | None) -> Sso | None:
    issuer = config_values.url(reader, "argocdOidcIssuer", "https")
    client = reader.text("argocdOidcClientId")
    secret = secrets.read("argocdOidcClientSecret")
    if not issuer:
        groups = {key: reader.texts(key) for key in ("argocdAdminGroups", "argocdDeveloperGroups")}
        alone = {"argocdOidcClientId": client, "argocdOidcClientSecret": secret, **groups}
        for key, value in alone.items():
            if value:
                cause = "is about single sign-on, which is not set up"
                reader.refuse(
                    key, cause, "Set argocdOidcIssuer, or leave it out", secret=key.endswith("Secret")
                )
        return None
    if not client:
        reader.refuse("argocdOidcClientId", "is empty", "Set the id that the issuer gave Argo CD")
    if not url:
        remedy = "Set it to https://HOST, known to the issuer as https://HOST/auth/callback"
        reader.refuse("argocdUrl", "is empty, and the issuer sends people back there", remedy)
    return Sso(issuer, client, secret)


def _groups(reader: Reader, key: str) -> tuple[str, ...]:
    groups = reader.texts(key)
    for group in groups:
        if problem := group_problem(group):
            reader.refuse(key, f"{group!r} {problem}", "Use a group's name as it stands in the token")
    return groups
