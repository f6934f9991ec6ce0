"""IAM roles of a clone's emulator, and people who use its cluster as them."""

import json
import subprocess
import sys
from typing import Any

import boto3

from tests.local.clone import Clone

ACCOUNT = "000000000000"
OPERATOR = f"arn:aws:iam::{ACCOUNT}:user/platform-admin"


class People:
    """Roles that the environment's operator may assume."""

    def __init__(self, clone: Clone) -> None:
        """The clone's emulator is started, and nothing else: entries want roles that exist."""
        self._clone = clone
        clone.local("build")
        self._python(
            "from local import processes; from local.aws import server; processes.start(server.aws_process())"
        )
        printed = self._python(
            "import json; from local import environment; print(json.dumps(environment.of_child()))"
        )
        self.environment: dict[str, str] = json.loads(printed)
        self._of: dict[str, dict[str, str]] = {}

    def role(self, name: str, path: str = "/") -> str:
        """Make a role without any IAM policy, whose person `name` is; returns its ARN."""
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": OPERATOR}}
        made = self._client("iam").create_role(
            RoleName=name,
            Path=path,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        arn: str = made["Role"]["Arn"]
        key = self._client("sts").assume_role(RoleArn=arn, RoleSessionName=name)["Credentials"]
        self._of[name] = {
            **self.environment,
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_SESSION_TOKEN": key["SessionToken"],
        }
        return arn

    def kubectl(self, name: str, command: str) -> subprocess.CompletedProcess[str]:
        """Run kubectl as a person, with the kubeconfig that the stack exports."""
        return subprocess.run(
            ["kubectl", *command.split()],
            env=self._of[name],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def may(self, name: str, command: str) -> bool:
        """Whether the cluster does what the person asks; fails if it is not rights that are missing."""
        done = self.kubectl(name, command)
        assert done.returncode == 0 or "forbidden" in done.stderr.lower(), f"{command}: {done.stderr}"
        return done.returncode == 0

    def is_known(self, name: str) -> bool:
        """Whether the cluster takes the person's token at all."""
        done = self.kubectl(name, "auth whoami")
        assert done.returncode == 0 or "Unauthorized" in done.stderr or "logged in" in done.stderr, (
            done.stderr
        )
        return done.returncode == 0

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name=self.environment["AWS_REGION"],
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
        )

    def _python(self, code: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=self._clone.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
