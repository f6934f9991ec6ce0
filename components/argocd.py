"""Argo CD: its namespace, its Helm release and the Secret with the admin's password hash.

Not managed here: what Argo CD deploys, and the keys that Argo CD itself adds to its Secret.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

import settings.argocd
from planning import argocd

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
        config = args.argocd
        namespace = kubernetes.core.v1.Namespace(
            f"{name}-namespace",
            metadata={"name": argocd.NAMESPACE},
            opts=pulumi.ResourceOptions(parent=self),
        )
        admin = kubernetes.core.v1.Secret(
            f"{name}-admin",
            metadata={
                "name": argocd.ADMIN_SECRET,
                "namespace": namespace.metadata.name,
                # Argo CD reads only Secrets and ConfigMaps with this label.
                "labels": {
                    "app.kubernetes.io/part-of": "argocd",
                    "app.kubernetes.io/name": argocd.ADMIN_SECRET,
                },
            },
            string_data={
                "admin.password": pulumi.Output.secret(config.admin_password_hash),
                "admin.passwordMtime": config.admin_password_mtime,
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        kubernetes.helm.v3.Release(
            f"{name}-release",
            name=argocd.RELEASE,
            namespace=namespace.metadata.name,
            chart=config.chart,
            version=config.chart_version,
            repository_opts=(
                kubernetes.helm.v3.RepositoryOptsArgs(repo=config.chart_repository)
                if config.chart_repository
                else None
            ),
            values=argocd.chart_values(config.url, config.reconciliation_seconds),
            timeout=TIMEOUT,
            # The Secret first: Argo CD makes one of its own, with a password of its own, if it finds none.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[admin]),
        )
        self.register_outputs({})
