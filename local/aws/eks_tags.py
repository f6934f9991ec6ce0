"""Tags of EKS resources: ministack keeps those of TagResource apart from those that are described."""

from typing import Any

from ministack.services import eks

from local.aws.adapter import Forward, Request, Response, answer, refuse, restores


@restores("eks", "POST /tags/{arn+}")
async def tag_resource(request: Request, forward: Forward) -> Response:
    """TagResource adds to the tags that Describe operations answer."""
    record = _record(request.labels["arn"])
    if record is None:
        return _unknown(request)
    record["tags"] = record["tags"] | request.json().get("tags", {})
    return answer({})


@restores("eks", "DELETE /tags/{arn+}")
async def untag_resource(request: Request, forward: Forward) -> Response:
    """UntagResource removes every key that it is given; ministack removes the first."""
    record = _record(request.labels["arn"])
    if record is None:
        return _unknown(request)
    removed = set(request.query.get("tagKeys", []))
    record["tags"] = {key: value for key, value in record["tags"].items() if key not in removed}
    return answer({})


@restores("eks", "GET /tags/{arn+}")
async def list_tags_for_resource(request: Request, forward: Forward) -> Response:
    """ListTagsForResource answers for every kind of resource, pod identity associations included."""
    record = _record(request.labels["arn"])
    return _unknown(request) if record is None else answer({"tags": record["tags"]})


def _record(arn: str) -> dict[str, Any] | None:
    stores = {
        "arn": eks._clusters,
        "nodegroupArn": eks._nodegroups,
        "addonArn": eks._addons,
        "accessEntryArn": eks._access_entries,
        "associationArn": eks._pod_identity_associations,
    }
    records = (record for key, store in stores.items() for record in store.values() if record[key] == arn)
    return next(records, None)


def _unknown(request: Request) -> Response:
    return refuse(404, "NotFoundException", f"No resource found for ARN: {request.labels['arn']}.")
