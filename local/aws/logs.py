"""CloudWatch Logs: the key of a log group after its creation, which ministack cannot change."""

from ministack.services import cloudwatch_logs

from local.aws.adapter import Forward, Request, Response, answer, refuse, restores


@restores("logs", "AssociateKmsKey")
@restores("logs", "DisassociateKmsKey")
async def change_key(request: Request, forward: Forward) -> Response:
    """AssociateKmsKey and DisassociateKmsKey set and remove a log group's key."""
    given = request.json()
    group = cloudwatch_logs._log_groups.get(given.get("logGroupName", ""))
    if group is None:
        return refuse(400, "ResourceNotFoundException", "The specified log group does not exist.")
    group["kmsKeyId"] = given.get("kmsKeyId")
    return answer({})
