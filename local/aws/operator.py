"""The operator: an IAM user with an access key, so that policies and access entries mean something."""

import json
import re

from local import pki
from local.aws import server
from local.aws.adapter import call

USER = server.OPERATOR.rpartition("/")[2]
POLICY = "arn:aws:iam::aws:policy/AdministratorAccess"


async def ensure() -> None:
    """Make the user, and give it a new key unless the one that programs use is known."""
    if f"<UserName>{USER}</UserName>" not in await call("iam", "ListUsers"):
        await call("iam", "CreateUser", UserName=USER)
    await call("iam", "AttachUserPolicy", UserName=USER, PolicyArn=POLICY)
    keys = re.findall("<AccessKeyId>(.+?)<", await call("iam", "ListAccessKeys", UserName=USER))
    file = server.operator_file()
    if file.exists() and json.loads(file.read_text())["access_key_id"] in keys:
        return
    for key in keys:
        await call("iam", "DeleteAccessKey", UserName=USER, AccessKeyId=key)
    created = await call("iam", "CreateAccessKey", UserName=USER)
    names = {"access_key_id": "AccessKeyId", "secret_access_key": "SecretAccessKey"}
    key = {name: re.findall(f"<{tag}>(.+?)<", created)[0] for name, tag in names.items()}
    pki.write_private(file, json.dumps(key).encode())
