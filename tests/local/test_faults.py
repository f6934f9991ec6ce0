"""What goes wrong on real machines, each on a real environment. The tests go in this order."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack

import psutil
import pytest
import yaml

from tests.local.clone import PATIENCE, wait_for

LISTED = {
    "aws:cloudwatch/logGroup:LogGroup": ("logs describe-log-groups", "logGroups"),
    "aws:ec2/launchTemplate:LaunchTemplate": ("ec2 describe-launch-templates", "LaunchTemplates"),
    "aws:ec2/natGateway:NatGateway": ("ec2 describe-nat-gateways", "NatGateways"),
    "aws:ec2/vpc:Vpc": ("ec2 describe-vpcs", "Vpcs"),
    "aws:eks/cluster:Cluster": ("eks list-clusters", "clusters"),
    "aws:iam/role:Role": ("iam list-roles", "Roles"),
    "aws:kms/key:Key": ("kms list-keys", "Keys"),
}
"""By type, the call that lists what there is of it, and where the answer has the list."""


def until(process, pattern):
    """Read what the process says until a line matches."""
    said = ""
    for line in process.stdout:
        said += line
        if re.search(pattern, line):
            return
    raise AssertionError(f"no line matches {pattern!r}:\n{said}")


def kill(processes):
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    assert alive == []


def assert_nothing_is_there_twice(clone):
    resources = json.loads(clone.shell("pulumi stack export"))["deployment"]["resources"]
    made = Counter(resource["type"] for resource in resources)
    for kind, (call, key) in LISTED.items():
        found = json.loads(clone.shell(f"aws {call} --output json"))[key]
        ours = [item for item in found if not (isinstance(item, dict) and item.get("IsDefault"))]
        assert len(ours) == made[kind] > 0, (kind, ours)
    releases = json.loads(clone.shell("helm list --all --all-namespaces --output json"))
    assert [(release["name"], release["status"]) for release in releases] == [("argocd", "deployed")]


def test_settings_errors_are_all_told_before_anything_starts(clone):
    file = clone.folder / "Pulumi.local.yaml"
    sound = file.read_text()
    broken = {"gitops-platform:vpcCidr": "10.0.0.0/33", "gitops-platform:natGateway": "none"}
    file.write_text(yaml.safe_dump({"config": yaml.safe_load(sound)["config"] | broken}))
    said = clone.local("up", code=2)
    file.write_text(sound)
    assert "vpcCidr" in said
    assert "natGateway" in said
    assert clone.processes() == []


def test_a_registry_out_of_reach_is_told(clone, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "local", "build"],
        cwd=clone.folder,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "GOPROXY": "http://127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,  # Go itself would try for hours
    )
    assert done.returncode == 1
    assert "The Go module" in done.stderr
    assert "What to do" in done.stderr


def test_everything_killed_while_the_aws_half_is_made(clone):
    with clone.start("up") as up:
        until(up, r"created aws:iam/role:Role")
        kill(clone.processes())
    # Killed while it writes such a file, the engine leaves an empty one, which no later engine reads.
    assert list((clone.folder / ".local/state/pulumi").rglob("*.attrs")) == []
    clone.local("up")
    clone.shell("pulumi preview --expect-no-changes --non-interactive")
    assert_nothing_is_there_twice(clone)


def test_a_second_command_says_that_one_is_running(clone):
    with clone.start("up") as first:
        until(first, "AWS, Git server")
        assert "`make up` is running in this folder" in clone.local("up", code=1)
        assert "`make up` is running in this folder" in clone.local("down", code=1)
        first.communicate(timeout=900)
    assert first.returncode == 0


def pid_of(clone, name):
    """The process's id; None while it is dead."""
    listed = json.loads(clone.local("status", "--json", code=None))["processes"]
    [found] = [process for process in listed if process["name"].endswith(name)]
    return found["pid"]


def kill_process(clone, name):
    """Kill the process, which must be alive; returns the id that it had."""
    pid = pid_of(clone, name)
    assert pid, f"{name} does not run"  # psutil takes None for this process
    psutil.Process(pid).kill()
    return pid


def assert_all_runs(clone):
    listed = json.loads(clone.local("status", "--json"))["processes"]
    assert {process["state"] for process in listed} == {"running"}


@pytest.mark.parametrize("name", ["aws", "kube-apiserver", "kube-scheduler"])
def test_a_process_that_died_is_told_and_mended(clone, name):
    kill_process(clone, name)
    wait_for(lambda: "died" in clone.local("status", code=1), PATIENCE, "died")
    clone.local("up")
    assert_all_runs(clone)


def test_an_argo_cd_process_that_died_is_started_again_as_its_pod_would_be(clone):
    before = kill_process(clone, "argocd-repo-server")
    wait_for(lambda: pid_of(clone, "argocd-repo-server") not in (None, before), PATIENCE, "a new repo server")
    clone.local("up")
    assert_all_runs(clone)


def test_ports_that_somebody_else_has_taken_are_no_error(clone):
    clone.local("up")
    clone.local("down")
    ports = json.loads((clone.folder / ".local/state/ports.json").read_text())
    with ExitStack() as listeners:
        for port in ports.values():
            listener = listeners.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen()
        clone.local("up")
        clone.shell("kubectl get namespaces")
    assert not set(ports.values()) & set(
        json.loads((clone.folder / ".local/state/ports.json").read_text()).values()
    )


def test_ctrl_c_stops_what_was_started_and_up_goes_on(clone):
    clone.local("clean")
    with clone.start("up") as up:
        until(up, r"created aws:ec2/vpc:Vpc")
        up.send_signal(signal.SIGINT)
        up.communicate(timeout=PATIENCE)
    assert up.returncode == 130
    assert clone.processes() == []


def test_up_killed_while_helm_installs(clone):
    with clone.start("up") as up:
        until(up, r"created kubernetes:core/v1:Secret argocd-admin")
        time.sleep(2)
        up.kill()
        up.wait()
    clone.local("up")
    clone.shell("pulumi preview --expect-no-changes --non-interactive")
    assert_nothing_is_there_twice(clone)


def test_down_twice(clone):
    clone.local("down")
    assert clone.processes() == []
    assert "nothing was running" in clone.local("down")
