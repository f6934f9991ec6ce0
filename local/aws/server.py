"""How the emulator is started, and how programs reach it."""

import hashlib
import json
import os
import secrets
import sys
from pathlib import Path

from local import paths, pki, ports
from local.processes import Process

REGION = "us-east-1"
ACCOUNT = "000000000000"

OPERATOR = f"arn:aws:iam::{ACCOUNT}:user/platform-admin"
"""The IAM user, administrator of the account, as whom everything in the local environment acts."""


def home() -> Path:
    """Where the emulator keeps its state."""
    return paths.STATE / "aws"


def aws_process() -> Process:
    """The emulator: on loopback, calls authenticated and authorized, state kept."""
    port = ports.port("aws")
    return Process(
        name="aws",
        argv=(sys.executable, "-m", "local.aws.emulator"),
        env={
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_REGION": REGION,
            "AUTH": "true",
            # The account's root user; nobody uses it.
            "AWS_ACCESS_KEY_ID": "root",
            "AWS_SECRET_ACCESS_KEY": _root_secret(),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(home() / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(home() / "s3"),
            # Parts that would listen on ports of their own, or look for a Docker daemon of the user's.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": f"unix://{home()}/no-docker.sock",
            "LOG_LEVEL": "INFO",
            **source(),
        },
        health=f"http://127.0.0.1:{port}/_ministack/health",
        order=10,
    )


def environment(region: str = REGION) -> dict[str, str]:
    """Variables with which any AWS client acts as the operator on the emulator.

    The user's own configuration and credentials are out of sight. Raises FileNotFoundError if the emulator
    never ran.
    """
    key = json.loads(operator_file().read_text())
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports.port('aws')}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": key["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": key["secret_access_key"],
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def source() -> dict[str, str]:
    """A variable that differs when the code of this package does: `up` then starts its processes anew."""
    digest = hashlib.sha256()
    for file in sorted((paths.ROOT / "local").rglob("*.py")):
        digest.update(file.read_bytes())
    return {"GITOPS_PLATFORM_SOURCE": digest.hexdigest()}


def operator_file() -> Path:
    """The operator's access key."""
    return home() / "operator.json"


def _root_secret() -> str:
    file = home() / "root.secret"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pki.write_private(file, secrets.token_urlsafe(30).encode())
    return file.read_text()
