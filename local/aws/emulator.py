"""The emulator's process: ministack with this project's control planes, adapter and persistence.

Started by `local.aws.server`, configured by ministack's environment variables only.
"""

import asyncio
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
    ec2,
    eks_access,
    eks_addons,
    eks_clusters,
    eks_nodegroups,
    eks_tags,
    eks_tokens,
    eks_updates,
    operator,
    recovery,
    ssm,
)

ENTRIES = (ec2, eks_access, eks_addons, eks_clusters, eks_nodegroups, eks_tags, eks_updates)
"""Modules whose entries the adapter has by importing them."""


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """ministack, which tells that it has started when what depends on its state is in place, too."""

    async def announce(message: ASGISendEvent) -> None:
        if message["type"] == "lifespan.startup.complete":
            await operator.ensure()
            recovery.recover()
        await send(message)

    await app.app(scope, receive, announce if scope["type"] == "lifespan" else send)


def main() -> None:
    """Serve until SIGTERM."""
    adapter.install()
    eks_access.install()
    eks_tokens.install()
    ssm.publish()
    config = Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.loglevel = os.environ["LOG_LEVEL"]
    asyncio.run(serve(application, config))


if __name__ == "__main__":
    main()
