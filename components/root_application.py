"""Hands the cluster over to Argo CD: the cluster Secret with the facts of the AWS half, the root AppProject
and the root Application.

Not managed here: every other project and application; they are in the Git repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

from planning import argocd

#: Argo CD deletes what the root Application led to before the root itself goes; load balancers and volumes
#: in AWS take minutes.
DELETE_TIMEOUT = "15m"


@dataclass(frozen=True)
class RootApplicationArgs:
    """Arguments of `RootApplication`."""

    argocd: pulumi.Resource
    """Argo CD, whose custom resource definitions come first. Only the order comes from it: were the objects'
    namespace one of its outputs, each change of the release would be planned as their replacement."""
    environment: str
    """Which overlay of the GitOps tree the cluster runs."""
    repository_url: str
    revision: str
    """Branch, tag or commit."""
    path: str
    """Folder of the GitOps tree in the repository."""
    facts: Mapping[str, pulumi.Input[str]]
    """Annotations of the cluster Secret, e.g. aws_region."""


class RootApplication(pulumi.ComponentResource):
    """The one Application that Pulumi makes."""

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: RootApplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("gitops-platform:root_application:RootApplication", name, None, opts)
        self._name, self._args = name, args
        cluster = self._cluster_secret()
        project = self._custom_resource(
            "project",
            "AppProject",
            {},
            argocd.root_project_spec(args.repository_url),
            pulumi.ResourceOptions(parent=self, depends_on=[args.argocd]),
        )
        application = self._custom_resource(
            "application",
            "Application",
            {"finalizers": [argocd.FINALIZER]},
            argocd.root_application_spec(args.repository_url, args.revision, args.path),
            # Also in the other direction: while the Application deletes what it made, Argo CD needs both.
            pulumi.ResourceOptions(
                parent=self,
                depends_on=[project, cluster],
                custom_timeouts=pulumi.CustomTimeouts(delete=DELETE_TIMEOUT),
            ),
        )
        self.name = application.id.apply(lambda _: argocd.ROOT)
        self.register_outputs({"name": self.name})

    def _cluster_secret(self) -> kubernetes.core.v1.Secret:
        args = self._args
        annotations = pulumi.Output.all(**args.facts).apply(
            lambda facts: argocd.cluster_annotations(args.repository_url, args.revision, args.path, facts)
        )
        return kubernetes.core.v1.Secret(
            f"{self._name}-cluster",
            metadata={
                "name": "in-cluster",
                "namespace": argocd.NAMESPACE,
                "labels": argocd.cluster_labels(args.environment),
                "annotations": annotations,
            },
            string_data={"name": "in-cluster", "server": argocd.IN_CLUSTER, "config": "{}"},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.argocd]),
        )

    def _custom_resource(
        self,
        suffix: str,
        kind: str,
        metadata: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions,
    ) -> CustomResource:
        return CustomResource(
            f"{self._name}-{suffix}",
            api_version="argoproj.io/v1alpha1",
            kind=kind,
            metadata={"name": argocd.ROOT, "namespace": argocd.NAMESPACE, **metadata},
            spec=spec,
            opts=opts,
        )
