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

import settings.argocd
from planning import argocd, metadata

#: Argo CD deletes what the root Application led to before the root itself goes; load balancers and volumes
#: in AWS take minutes.
DELETE_TIMEOUT = "15m"


@dataclass(frozen=True)
class RootApplicationArgs:
    """Arguments of `RootApplication`."""

    argocd: pulumi.Resource
    """Argo CD, whose custom resource definitions come first. Only the order comes from it: were the objects'
    namespace one of its outputs, each change of the release would be planned as their replacement."""
    config: settings.argocd.ArgoCd
    """The repository, and what happens to the workloads when the root goes."""
    facts: Mapping[str, pulumi.Input[str]]
    """What the contract in `planning/metadata.py` asks for beside the repository, by name."""
    protected: bool
    """Whether the root can only be deleted after this was turned off, or a confirmation in Argo CD."""


class RootApplication(pulumi.ComponentResource):
    """The one Application that Pulumi makes."""

    name: pulumi.Output[str]

    def __init__(
        self, name: str, args: RootApplicationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("gitops-platform:root_application:RootApplication", name, None, opts)
        self._name, self._args = name, args
        config = args.config
        cluster = self._cluster_secret()
        project = self._custom_resource(
            "project",
            "AppProject",
            {},
            argocd.root_project_spec(config.repository_url),
            pulumi.ResourceOptions(parent=self, depends_on=[args.argocd]),
        )
        application = self._custom_resource(
            "application",
            "Application",
            argocd.root_application_metadata(preserve=config.preserve_resources),
            argocd.root_application_spec(
                config.repository_url,
                config.revision,
                config.path,
                preserve=config.preserve_resources,
                protected=args.protected,
            ),
            # Also in the other direction: while the Application deletes what it made, Argo CD needs both.
            pulumi.ResourceOptions(
                parent=self,
                depends_on=[project, cluster],
                protect=args.protected,
                custom_timeouts=pulumi.CustomTimeouts(delete=DELETE_TIMEOUT),
            ),
        )
        self.name = application.id.apply(lambda _: argocd.ROOT)
        self.register_outputs({"name": self.name})

    def _cluster_secret(self) -> kubernetes.core.v1.Secret:
        config = self._args.config
        repository = {
            "gitops_repository_url": config.repository_url,
            "gitops_revision": config.revision,
            "gitops_path": config.path,
        }
        given = {**repository, **self._args.facts}
        metadata.check_names(given)
        facts = pulumi.Output.all(**given)
        return kubernetes.core.v1.Secret(
            f"{self._name}-cluster",
            metadata={
                "name": "in-cluster",
                "namespace": argocd.NAMESPACE,
                "labels": facts.apply(metadata.cluster_labels),
                "annotations": facts.apply(metadata.cluster_annotations),
            },
            string_data={"name": "in-cluster", "server": argocd.IN_CLUSTER, "config": "{}"},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self._args.argocd]),
        )

    def _custom_resource(
        self,
        suffix: str,
        kind: str,
        more: Mapping[str, Any],
        spec: Mapping[str, Any],
        opts: pulumi.ResourceOptions,
    ) -> CustomResource:
        return CustomResource(
            f"{self._name}-{suffix}",
            api_version="argoproj.io/v1alpha1",
            kind=kind,
            metadata={"name": argocd.ROOT, "namespace": argocd.NAMESPACE, **more},
            spec=spec,
            opts=opts,
        )
