"""EKS node groups: what ministack's CreateNodegroup leaves out, and their updates."""

import json
from typing import Any

from ministack.services import ec2, eks

from local.aws.adapter import Forward, Request, Response, answer, refuse, restores
from local.aws.eks_updates import record_update
from local.aws.ssm import release_version


@restores("eks", "POST /clusters/{cluster}/node-groups")
async def create_nodegroup(request: Request, forward: Forward) -> Response:
    """CreateNodegroup keeps launch template, update and repair settings (API reference: Nodegroup).

    With a launch template, `$Latest` and `$Default` become the version's number, and what the template says
    about disk, instance type and image is not said again.
    """
    body = request.json()
    templates = _template(body["launchTemplate"]) if "launchTemplate" in body else None
    if "launchTemplate" in body and templates is None:
        return _no_template()
    response = await forward()
    if response[0] != 200:
        return response
    group = eks._nodegroups[f"{request.labels['cluster']}/{body['nodegroupName']}"]
    group["amiType"] = body.get("amiType", "AL2023_x86_64_STANDARD")
    group["updateConfig"] = body.get("updateConfig", {"maxUnavailable": 1})
    for member in ("nodeRepairConfig", "remoteAccess"):
        if member in body:
            group[member] = body[member]
    if "remoteAccess" not in body:
        del group["resources"]["remoteAccessSecurityGroup"]
    if templates:
        group["launchTemplate"], content = templates
        del group["diskSize"]
        if "InstanceType" in content:
            del group["instanceTypes"]
        if "ImageId" in content:
            group |= {"amiType": "CUSTOM", "releaseVersion": content["ImageId"]}
    group["releaseVersion"] = group["releaseVersion"] or release_version(group["version"], group["amiType"])
    return answer({"nodegroup": group})


def _template(asked: dict[str, str]) -> tuple[dict[str, str], dict[str, Any]] | None:
    """The launch template as DescribeNodegroup answers it, and the content of its version."""
    for template in ec2._launch_templates.values():
        names = (template["LaunchTemplateId"], template["LaunchTemplateName"])
        if asked.get("id", asked.get("name")) in names:
            break
    else:
        return None
    number = asked.get("version", "$Default")
    named = {"$Default": template["DefaultVersionNumber"], "$Latest": template["LatestVersionNumber"]}
    for version in template["Versions"]:
        if str(version["VersionNumber"]) == str(named.get(number, number)):
            identity = {"id": template["LaunchTemplateId"], "name": template["LaunchTemplateName"]}
            return {**identity, "version": str(version["VersionNumber"])}, version["LaunchTemplateData"]
    return None


@restores("eks", "POST /clusters/{cluster}/node-groups/{group}/update-config")
async def update_nodegroup_config(request: Request, forward: Forward) -> Response:
    """UpdateNodegroupConfig changes sizes, labels, taints and the settings of updates and repair."""
    group = _group(request)
    if group is None:
        return _no_group(request)
    body = request.json()
    labels, taints = body.get("labels", {}), body.get("taints", {})
    removed = set(labels.get("removeLabels", []))
    kept = {key: value for key, value in group["labels"].items() if key not in removed}
    group["labels"] = kept | labels.get("addOrUpdateLabels", {})
    changed = [*taints.get("removeTaints", []), *taints.get("addOrUpdateTaints", [])]
    kinds = {(taint["key"], taint["effect"]) for taint in changed}
    others = [taint for taint in group["taints"] if (taint["key"], taint["effect"]) not in kinds]
    group["taints"] = others + taints.get("addOrUpdateTaints", [])
    group["scalingConfig"] |= body.get("scalingConfig", {})
    for member in ("updateConfig", "nodeRepairConfig"):
        if member in body:
            group[member] = body[member]
    return _updated(request, "ConfigUpdate", body)


@restores("eks", "POST /clusters/{cluster}/node-groups/{group}/update-version")
async def update_nodegroup_version(request: Request, forward: Forward) -> Response:
    """UpdateNodegroupVersion moves the group to a Kubernetes version, image release or template version."""
    group = _group(request)
    if group is None:
        return _no_group(request)
    body = request.json()
    if "launchTemplate" in body:
        templates = _template(body["launchTemplate"])
        if templates is None:
            return _no_template()
        group["launchTemplate"] = templates[0]
    if "version" in body:
        release = release_version(body["version"], group["amiType"])
        group |= {"version": body["version"], "releaseVersion": release}
    if "releaseVersion" in body:
        group["releaseVersion"] = body["releaseVersion"]
    return _updated(request, "VersionUpdate", body)


def _group(request: Request) -> dict[str, Any] | None:
    key = f"{request.labels['cluster']}/{request.labels['group']}"
    group: dict[str, Any] | None = eks._nodegroups.get(key)
    return group


def _no_group(request: Request) -> Response:
    name = request.labels["group"]
    return refuse(404, "ResourceNotFoundException", f"No node group found for name: {name}.")


def _no_template() -> Response:
    return refuse(400, "InvalidParameterException", "The launch template or its version does not exist.")


def _updated(request: Request, kind: str, changes: dict[str, Any]) -> Response:
    cluster = eks._clusters[request.labels["cluster"]]
    parameters = {key: json.dumps(value) for key, value in changes.items()}
    return answer({"update": record_update(cluster, kind, parameters)})
