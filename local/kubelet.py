"""The nodes' side of a cluster, `python -m local.kubelet <cluster>`.

Makes the nodes of the EKS node groups, and runs Argo CD's workloads as processes on this host. Everything
else that a node would do, kwok pretends.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from local import clusters, nodes, workloads
from local.kube import Kube, KubeError, Object
from local.processes import ProcessError

INTERVAL = 1.0
"""Seconds between two looks at what shall be."""

BACKOFF = 5.0
"""Seconds until a process that did not come up is started again."""

EXPECTED = (KubeError, ProcessError, BotoCoreError, ClientError)
"""Errors of a moment: something is not there yet, or any more."""

log = logging.getLogger("local.kubelet")


class Nodes:
    """Keeps a cluster's nodes those of its node groups."""

    def __init__(self, cluster: str) -> None:
        self._cluster = clusters.read(cluster)
        self._kube = Kube(cluster)
        self._eks: Any = boto3.client("eks", region_name=self._cluster.region)
        self._ec2: Any = boto3.client("ec2", region_name=self._cluster.region)
        self._subnets: dict[str, nodes.Subnet] = {}
        self._applied: dict[str, Object] = {}

    def reconcile(self) -> None:
        """One look: create, change and delete nodes as the groups ask."""
        groups = [self._group(name) for name in self._names()]
        if pool := nodes.auto_mode(self._eks.describe_cluster(name=self._cluster.name)["cluster"]):
            groups.append(pool)
        self._learn({subnet for group in groups for subnet in group["subnets"]} - set(self._subnets))
        plan = nodes.plan(groups, self._subnets, self._existing())
        for name in plan.delete:
            self._delete(name)
        for node in plan.apply:
            name = node["metadata"]["name"]
            if self._applied.get(name) != node:
                self._kube.apply(f"/api/v1/nodes/{name}", node)
                self._applied[name] = node
                log.info("node %s", name)

    def _names(self) -> list[str]:
        names: list[str] = self._eks.list_nodegroups(clusterName=self._cluster.name)["nodegroups"]
        return names

    def _group(self, name: str) -> Object:
        cluster = self._cluster.name
        group: Object = self._eks.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
        if "instanceTypes" not in group:  # the launch template says it
            template = group["launchTemplate"]
            versions = self._ec2.describe_launch_template_versions(
                LaunchTemplateId=template["id"], Versions=[template["version"]]
            )
            content = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
            group["instanceTypes"] = [content["InstanceType"]]
        return group

    def _learn(self, unknown: set[str]) -> None:
        if unknown:
            for subnet in self._ec2.describe_subnets(SubnetIds=sorted(unknown))["Subnets"]:
                place = nodes.Subnet(subnet["CidrBlock"], subnet["AvailabilityZone"])
                self._subnets[subnet["SubnetId"]] = place

    def _existing(self) -> list[Object]:
        return [node for node in self._kube.items("/api/v1/nodes") if _is_fake(node)]

    def _delete(self, name: str) -> None:
        """Delete a node and, as its instance would be gone, its pods."""
        self._kube.delete(f"/api/v1/nodes/{name}")
        for pod in self._kube.items(f"/api/v1/pods?fieldSelector=spec.nodeName={name}"):
            place = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"
            self._kube.delete(place, {"gracePeriodSeconds": 0})
        self._applied.pop(name, None)
        log.info("node %s is gone", name)


def _is_fake(node: Object) -> bool:
    annotations: dict[str, str] = node["metadata"].get("annotations", {})
    return nodes.FAKE.items() <= annotations.items()


def _repeat(task: Callable[[], None]) -> None:
    problem = ""
    while True:
        try:
            task()
            problem = ""
        except Exception as error:  # whatever it is, the next look may succeed
            if str(error) != problem:
                problem = str(error)
                log.warning("%s; trying again", problem, exc_info=not isinstance(error, EXPECTED))
            if isinstance(error, ProcessError):
                time.sleep(BACKOFF)
        time.sleep(INTERVAL)


def main() -> None:
    """Look after one cluster until SIGTERM."""
    cluster = sys.argv[1]
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("local").setLevel(logging.INFO)
    threading.Thread(target=_repeat, args=(Nodes(cluster).reconcile,), daemon=True).start()
    _repeat(workloads.Workloads(cluster).reconcile)


if __name__ == "__main__":
    main()
