"""Argo CD: its namespace, Secrets and Helm release, and the AppProject that it makes itself, stripped.

Not managed here: what Argo CD deploys, and the keys that Argo CD itself adds to its Secret.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

import settings.argocd
from planning import argocd, argocd_ha, argocd_overrides, argocd_rbac, argocd_values
from planning.certificate import self_signed

#: Seconds until Helm gives up; the images of a first install come from the internet.
TIMEOUT = 600


@dataclass(frozen=True)
class ArgoCdArgs:
    """Arguments of `ArgoCd`."""

    argocd: settings.argocd.ArgoCd


class ArgoCd(pulumi.ComponentResource):
    """A running Argo CD, ready for Applications."""

    def __init__(self, name: str, args: ArgoCdArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("gitops-platform:argocd:ArgoCd", name, None, opts)
        self._name, self._config = name, args.argocd
        self._namespace = kubernetes.core.v1.Namespace(
            f"{name}-namespace",
            metadata={"name": argocd.NAMESPACE},
            opts=pulumi.ResourceOptions(parent=self),
        )
        certificate = self._certificate()
        # Secrets first: Argo CD makes those of its own, with contents of its own, that it does not find.
        release = self._release(certificate, [self._admin(), certificate, *self._redis()])
        self._default_project(release)
        self.register_outputs({})

    def _admin(self) -> kubernetes.core.v1.Secret:
        config = self._config
        data: dict[str, pulumi.Input[str]] = {
            "admin.password": pulumi.Output.secret(config.admin_password_hash),
            "admin.passwordMtime": config.admin_password_mtime,
        }
        sso = config.installation.access.sso
        if sso and sso.client_secret:
            data[argocd_rbac.CLIENT_SECRET] = pulumi.Output.secret(sso.client_secret)
        # Argo CD reads only Secrets and ConfigMaps with this label.
        labels = {"app.kubernetes.io/part-of": "argocd", "app.kubernetes.io/name": argocd.ADMIN_SECRET}
        return self._secret("admin", argocd.ADMIN_SECRET, {"string_data": data}, labels)

    def _certificate(self) -> kubernetes.core.v1.Secret:
        certificate, key = self_signed(argocd.repo_server_names(), argocd.LOOPBACK)
        files = {"tls.crt": certificate, "tls.key": key, "ca.crt": certificate}
        data = {file: base64.b64encode(content.encode()).decode() for file, content in files.items()}
        return self._secret(
            "repo-server-tls",
            argocd.REPO_SERVER_TLS,
            {"type": "kubernetes.io/tls", "data": pulumi.Output.secret(data)},
            {"app.kubernetes.io/part-of": "argocd"},
            # Each run makes a new one; the one that is there is kept. A refresh that misses it rotates it.
            ["data"],
        )

    def _redis(self) -> list[pulumi.Resource]:
        external = self._config.installation.external_redis
        if external is None:
            return []
        data = {argocd_ha.EXTERNAL_REDIS_KEY: pulumi.Output.secret(external.password)}
        return [self._secret("external-redis", argocd_ha.EXTERNAL_REDIS_SECRET, {"string_data": data}, {})]

    def _secret(
        self,
        suffix: str,
        name: str,
        content: Mapping[str, Any],
        labels: Mapping[str, str],
        ignore_changes: list[str] | None = None,
    ) -> kubernetes.core.v1.Secret:
        return kubernetes.core.v1.Secret(
            f"{self._name}-{suffix}",
            metadata={"name": name, "namespace": self._namespace.metadata.name, "labels": labels},
            **content,
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=ignore_changes),
        )

    def _release(
        self, certificate: kubernetes.core.v1.Secret, secrets: list[pulumi.Resource]
    ) -> kubernetes.helm.v3.Release:
        config = self._config
        # A digest of what the repo server shows to everybody who connects.
        checksum = pulumi.Output.unsecret(certificate.data.apply(_checksum))
        self._tell_overrides(checksum)
        return kubernetes.helm.v3.Release(
            f"{self._name}-release",
            name=argocd.RELEASE,
            namespace=self._namespace.metadata.name,
            chart=config.chart,
            version=config.chart_version,
            repository_opts=(
                kubernetes.helm.v3.RepositoryOptsArgs(repo=config.chart_repository)
                if config.chart_repository
                else None
            ),
            values=argocd_values.chart_values(config.installation, checksum),
            timeout=TIMEOUT,
            opts=pulumi.ResourceOptions(parent=self, depends_on=secrets),
        )

    def _tell_overrides(self, checksum: pulumi.Output[str]) -> None:
        """Say in the preview what argocdValues does; never what the values are, which may be secret."""
        installation = self._config.installation
        typed = argocd_values.typed_values(installation, checksum)
        for path, ours in argocd_overrides.replaced(typed, installation.overrides):
            if ours:
                pulumi.log.warn(f"argocdValues overrides {path}, which the program sets", self)
            else:
                pulumi.log.info(f"argocdValues sets {path}", self)

    def _default_project(self, release: kubernetes.helm.v3.Release) -> None:
        CustomResource(
            f"{self._name}-default-project",
            api_version="argoproj.io/v1alpha1",
            kind="AppProject",
            metadata={
                "name": argocd.DEFAULT_PROJECT,
                "namespace": argocd.NAMESPACE,
                # Argo CD has made it, with fields that are now ours.
                "annotations": {"pulumi.com/patchForce": "true"},
            },
            spec=argocd.default_project_spec(),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[release]),
        )


def _checksum(data: Mapping[str, str]) -> str:
    return hashlib.sha256(data["tls.crt"].encode()).hexdigest()
