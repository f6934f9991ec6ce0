"""After a start of the emulator its clusters and the control planes on this host find each other again."""

import logging
import threading
from typing import Any

from ministack.services import eks

from local import clusters, controlplane
from local.aws import docker
from local.processes import ProcessError

log = logging.getLogger("local.recovery")


def recover() -> None:
    """Bring up the control plane of each cluster, in the background; remove those whose cluster is gone.

    ministack forgets which container a cluster has. One that was being created when the emulator was killed
    becomes ACTIVE this way.
    """
    known = {name: (account, region, record) for (account, region, name), record in eks._clusters.all_items()}
    for name in set(clusters.names()) - set(known):
        controlplane.remove(name)
    for name, (account, region, record) in known.items():
        threading.Thread(target=_attach, args=(name, account, region, record), name=f"recover-{name}").start()


def _attach(name: str, account: str, region: str, record: dict[str, Any]) -> None:
    container = docker.Container(name)
    token = record["_auth_token"]
    container.write_webhook(eks._k3s_auth_webhook_config(None, None, name, account, region, token))
    record["_docker_id"] = container.id
    record["certificateAuthority"]["data"] = eks._extract_ca_cert(container)
    try:
        container.start()
    except (ProcessError, OSError):
        log.exception("the control plane of %s did not start", name)
        if record["status"] == "CREATING":
            record["status"] = "FAILED"
        return
    record["status"] = "ACTIVE"
    eks._schedule_access_policy_reconcile(name, account, region)
