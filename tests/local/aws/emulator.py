"""The AWS emulator of a clone, and what a person does with it."""

import json
import os
import shlex
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from tests.local.clone import PATIENCE, Clone


class Emulator:
    """The running emulator; clients act as its operator unless they get another access key."""

    def __init__(self, folder: Path) -> None:
        self.clone = Clone(folder)

    def start(self) -> None:
        """Start it, unless it runs."""
        self.python("processes.start(server.aws_process())")
        self.variables = json.loads(self.python("print(json.dumps(server.environment()))"))

    def python(self, code: str) -> str:
        """Run code of the clone; returns what it prints."""
        imports = "import json\nfrom local import controlplane, processes\nfrom local.aws import server\n"
        command = [sys.executable, "-c", imports + code]
        done = subprocess.run(command, cwd=self.clone.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def pid(self, name: str) -> int:
        """The process id of a running process of the environment."""
        return int(self.python(f"print(processes.living()[{name!r}].pid)"))

    def names(self) -> list[str]:
        """Names of the processes that the environment knows."""
        names: list[str] = json.loads(
            self.python("print(json.dumps([s.name for s in processes.statuses()]))")
        )
        return names

    def state(self, name: str) -> str | None:
        """How a process of the environment is."""
        code = f"print(json.dumps([s.state for s in processes.statuses() if s.name == {name!r}]))"
        found: list[str] = json.loads(self.python(code))
        return found[0] if found else None

    def shell(self, command: str) -> str:
        """Run a command as the operator; returns what it prints."""
        return subprocess.run(
            shlex.split(command), env=self._environment(), check=True, capture_output=True, text=True
        ).stdout

    def status(self, address: str, ca: Path, bearer: str) -> int:
        """The HTTP status with which a server answers the bearer of a token."""
        request = urllib.request.Request(address, headers={"Authorization": f"Bearer {bearer}"})
        try:
            with urllib.request.urlopen(
                request, context=ssl.create_default_context(cafile=str(ca))
            ) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def client(self, service: str, key: dict[str, str] | None = None) -> Any:
        """A boto3 client."""
        key = key or {
            "AccessKeyId": self.variables["AWS_ACCESS_KEY_ID"],
            "SecretAccessKey": self.variables["AWS_SECRET_ACCESS_KEY"],
        }
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.variables["AWS_ENDPOINT_URL"],
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )

    def subnets(self) -> list[str]:
        """Two subnets in two zones of a new VPC."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
        return [
            ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.7.{number}.0/24", AvailabilityZone=f"us-east-1{zone}"
            )["Subnet"]["SubnetId"]
            for number, zone in enumerate("ab")
        ]

    def role(self, service: str = "eks.amazonaws.com") -> str:
        """A new role that a service may assume."""
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        role = self.client("iam").create_role(
            RoleName=f"role-{uuid.uuid4()}", AssumeRolePolicyDocument=policy
        )
        arn: str = role["Role"]["Arn"]
        return arn

    def cluster(self, name: str, **settings: Any) -> dict[str, Any]:
        """A new cluster, once it is ACTIVE."""
        eks = self.client("eks")
        settings.setdefault("accessConfig", {"authenticationMode": "API"})
        network = {"subnetIds": self.subnets(), "endpointPublicAccess": False, "endpointPrivateAccess": True}
        eks.create_cluster(
            name=name, roleArn=self.role(), version="1.33", **{"resourcesVpcConfig": network, **settings}
        )
        return self.settled(name)

    def settled(self, name: str) -> dict[str, Any]:
        """A cluster when it is no longer being created."""
        while (cluster := self.client("eks").describe_cluster(name=name)["cluster"])["status"] == "CREATING":
            time.sleep(0.2)
        found: dict[str, Any] = cluster
        return found

    def user(self, name: str) -> dict[str, str]:
        """A new IAM user with no rights; returns an access key."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        key: dict[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
        return key

    def kubectl(
        self, cluster: str, *arguments: str, key: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run kubectl with the kubeconfig of `aws eks update-kubeconfig`, as the operator or another user."""
        variables = self._environment() | {"KUBECONFIG": str(self.clone.folder / f"{cluster}.kubeconfig")}
        if not Path(variables["KUBECONFIG"]).exists():
            command = ["aws", "eks", "update-kubeconfig", "--name", cluster]
            subprocess.run(command, env=variables, check=True, capture_output=True)
        if key:
            variables |= {
                "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            }
        return subprocess.run(
            ["kubectl", *arguments],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE + 60,
        )

    def _environment(self) -> dict[str, str]:
        folder = self.clone.folder
        path = f"{folder}/.local/bin:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(folder), **self.variables}


@contextmanager
def running(folder: Path) -> Iterator[Emulator]:
    """An emulator of its own in `folder`, of which nothing runs afterwards."""
    emulator = Emulator(folder)
    emulator.clone.local("build")
    try:
        emulator.start()
        yield emulator
    finally:
        emulator.clone.local("clean")
        assert emulator.clone.processes() == []
