"""EKS clusters: what ministack's CreateCluster, DescribeCluster and DeleteCluster leave out."""

import asyncio
import base64
import re
import uuid
from typing import Any

from ministack.core.responses import get_region
from ministack.services import eks

from local import clusters, controlplane
from local.aws import docker
from local.aws.adapter import Forward, Request, Response, answer, call, refuse, restores
from local.clusters import Cluster

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""All types of control plane logs, API reference: LogSetup."""

DEFAULT_SERVICES = "10.100.0.0/16"
"""Service network of a cluster that asks for none; API reference: KubernetesNetworkConfigRequest."""

INVENTED_AUTHORITY = base64.b64encode(b"MOCK-CA-CERTIFICATE").decode()
"""The certificate authority of a cluster that ministack could not make."""

_creating = asyncio.Lock()


@restores("eks", "POST /clusters")
async def create_cluster(request: Request, forward: Forward) -> Response:
    """CreateCluster fills in defaults, the subnets' VPC and a security group (user guide: sec-group-reqs).

    The endpoint has the port of the control plane.
    """
    body = request.json()
    name = str(body.get("name", ""))
    if not re.fullmatch(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}", name):
        return refuse(400, "InvalidParameterException", f"The cluster name {name} is not valid.")
    if name in eks._clusters:
        return await forward()  # refuses
    place = await _place(body.get("resourcesVpcConfig", {}).get("subnetIds", []))
    if place is None:
        message = "Subnets specified must exist and be in at least two different AZs"
        return refuse(400, "InvalidParameterException", message)
    network = body.get("kubernetesNetworkConfig", {}).get("serviceIpv4Cidr", DEFAULT_SERVICES)
    clusters.define(Cluster(name, get_region(), network))
    async with _creating:  # ministack takes the next number of a counter
        eks._port_counter[0] = clusters.api_port(name)
        response = await forward()
    if response[0] != 200:
        controlplane.remove(name)
        return response
    cluster = eks._clusters[name]
    _fill_in(cluster, body)
    await _connect(cluster, place)
    return answer({"cluster": eks._sanitize(cluster)})


def _fill_in(cluster: dict[str, Any], body: dict[str, Any]) -> None:
    """Defaults as in the API reference: CreateAccessConfigRequest, KubernetesNetworkConfig, UpgradePolicy."""
    cluster["accessConfig"] = {
        "authenticationMode": "CONFIG_MAP",
        "bootstrapClusterCreatorAdminPermissions": True,
        **body.get("accessConfig", {}),
    }
    cluster["kubernetesNetworkConfig"] |= {"elasticLoadBalancing": {"enabled": False}}
    cluster["kubernetesNetworkConfig"] |= body.get("kubernetesNetworkConfig", {})
    cluster["upgradePolicy"] = body.get("upgradePolicy", {"supportType": "EXTENDED"})
    cluster["deletionProtection"] = body.get("deletionProtection", False)
    cluster["logging"] = logging_setup({}, body.get("logging", {}))
    cluster["health"] = {"issues": []}
    for member in ("zonalShiftConfig", "computeConfig", "storageConfig", "remoteNetworkConfig"):
        if member in body:
            cluster[member] = body[member]


async def _place(subnets: list[str]) -> str | None:
    """The VPC of the subnets, if they can be those of a cluster."""
    try:
        names = {f"SubnetId_{number}": subnet for number, subnet in enumerate(subnets, 1)}
        described = await call("ec2", "DescribeSubnets", **names)
    except RuntimeError:
        return None
    zones = set(re.findall("<availabilityZone>(.+?)<", described))
    return _tag(described, "vpcId") if subnets and len(zones) > 1 else None


async def _connect(cluster: dict[str, Any], vpc: str) -> None:
    name, network = cluster["name"], cluster["resourcesVpcConfig"]
    network["vpcId"] = vpc
    group = f"eks-cluster-sg-{name}-{uuid.uuid4().int % 10**10}"
    tags = {"Name": group, "aws:eks:cluster-name": name, f"kubernetes.io/cluster/{name}": "owned"}
    parameters = {"TagSpecification_1_ResourceType": "security-group"}
    for number, (key, value) in enumerate(tags.items(), 1):
        parameters[f"TagSpecification_1_Tag_{number}_Key"] = key
        parameters[f"TagSpecification_1_Tag_{number}_Value"] = value
    created = await call(
        "ec2",
        "CreateSecurityGroup",
        GroupName=group,
        GroupDescription="EKS created security group applied to the control plane and managed nodes",
        VpcId=network["vpcId"],
        **parameters,
    )
    network["clusterSecurityGroupId"] = _tag(created, "groupId")
    if not network["endpointPublicAccess"]:
        network["publicAccessCidrs"] = []


def _tag(xml: str, name: str) -> str:
    found = re.search(f"<{name}>([^<]+)</{name}>", xml)
    if found is None:
        raise RuntimeError(f"no {name} in {xml}")
    return found[1]


def logging_setup(current: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """All types, each in the list of the enabled or the disabled ones, as DescribeCluster answers."""
    enabled: set[str] = set()
    for setup in [*current.get("clusterLogging", []), *change.get("clusterLogging", [])]:
        types = set(setup.get("types", []))
        enabled = enabled | types if setup.get("enabled") else enabled - types
    sides = [([t for t in LOG_TYPES if (t in enabled) == side], side) for side in (True, False)]
    return {"clusterLogging": [{"types": types, "enabled": side} for types, side in sides if types]}


@restores("eks", "GET /clusters/{cluster}")
async def describe_cluster(request: Request, forward: Forward) -> Response:
    """A cluster whose control plane could not be made is FAILED and says why (API reference: ClusterIssue).

    ministack calls it ACTIVE and invents a certificate authority. The endpoint is the current one.
    """
    cluster = eks._clusters.get(request.labels["cluster"])
    if cluster:
        cluster["endpoint"] = eks._cluster_endpoint(clusters.api_port(cluster["name"]))
    if cluster and cluster["certificateAuthority"]["data"] == INVENTED_AUTHORITY:
        message = docker.failures.get(cluster["name"], "")
        cluster["status"] = "FAILED"
        cluster["health"] = {"issues": [{"code": "InternalFailure", "message": message, "resourceIds": []}]}
    return await forward()


@restores("eks", "DELETE /clusters/{cluster}")
async def delete_cluster(request: Request, forward: Forward) -> Response:
    """DeleteCluster refuses a cluster with node groups or deletion protection; its add-ons go along."""
    cluster = eks._clusters.get(request.labels["cluster"])
    if cluster is None:
        return await forward()
    name = cluster["name"]
    if cluster["deletionProtection"]:
        return refuse(400, "InvalidRequestException", f"Cluster {name} has deletion protection enabled.")
    if any(key.startswith(f"{name}/") for key in eks._nodegroups):
        return refuse(409, "ResourceInUseException", "Cluster has nodegroups attached")
    response = await forward()
    await asyncio.to_thread(controlplane.remove, name)  # also what is left of one that did not start
    for key in [key for key in eks._addons if key.startswith(f"{name}/")]:
        del eks._addons[key]
    if group := cluster["resourcesVpcConfig"].get("clusterSecurityGroupId"):
        await call("ec2", "DeleteSecurityGroup", GroupId=group)
    return response
