"""The emulator's process: ministack with this project's control planes, adapter and persistence.

Started by `local.aws.server`, configured by ministack's environment variables only.
"""

import asyncio
import logging
import os
import sys

from local.aws import docker

# ministack's EKS imports `docker` by name when it is loaded; it shall find the control planes here.
sys.modules["docker"] = docker

from hypercorn.asyncio import serve  # noqa: E402
from hypercorn.config import Config  # noqa: E402
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, Scope  # noqa: E402
from ministack import app  # noqa: E402

from local.aws import (  # noqa: E402
    adapter,
    authorization,
    ec2,
    ec2_addresses,
    ec2_cidr,
    ec2_endpoints,
    ec2_nat,
    ec2_rules,
    ec2_subnets,
    ec2_tags,
    eks_access,
    eks_addons,
    eks_clusters,
    eks_nodegroups,
    eks_tags,
    eks_tokens,
    eks_updates,
    iam_oidc,
    logs,
    operator,
    recovery,
    ssm,
)

PUBLIC = ("/_ministack/health", "/_ministack/eks-auth/")
"""What of ministack's own paths is served; others, like one that forgets all state, need no signature."""

ENTRIES = (
    ec2,
    ec2_addresses,
    ec2_cidr,
    ec2_endpoints,
    ec2_nat,
    ec2_rules,
    ec2_subnets,
    ec2_tags,
    eks_access,
    eks_addons,
    eks_clusters,
    eks_nodegroups,
    eks_tags,
    eks_updates,
    iam_oidc,
    logs,
)
"""Modules whose entries the adapter has by importing them."""


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """ministack, which tells that it has started when what depends on its state is in place, too."""

    async def announce(message: ASGISendEvent) -> None:
        if message["type"] == "lifespan.startup.complete":
            await operator.ensure()
            recovery.recover()
        await send(message)

    if scope["type"] == "lifespan":
        await app.app(scope, receive, announce)
    elif scope["path"].startswith("/_ministack/") and not scope["path"].startswith(PUBLIC):
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    else:
        await app.app(scope, receive, send)


def main() -> None:
    """Serve until SIGTERM."""
    adapter.install()
    authorization.install()
    eks_access.install()
    eks_tokens.install()
    ssm.publish()
    logging.getLogger("persistence").setLevel(logging.WARNING)  # else a line per call
    config = Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.loglevel = os.environ["LOG_LEVEL"]
    asyncio.run(serve(application, config))


if __name__ == "__main__":
    main()
