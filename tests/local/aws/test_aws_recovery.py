"""What the emulator and its clusters survive: SIGKILL, a stop, a start without programs."""

import os
import signal
import socket

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.emulator import running
from tests.local.clone import PATIENCE, wait_for


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """An emulator that may be killed."""
    with running(tmp_path_factory.mktemp("killed")) as emulator:
        yield emulator


def kill(emulator, name):
    os.kill(emulator.pid(name), signal.SIGKILL)
    wait_for(lambda: emulator.state(name) == "died", PATIENCE, f"the death of {name} is noticed")


def test_what_was_answered_survives_sigkill(own):
    made = own.client("ec2").create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
    role = own.role()
    kill(own, "aws")
    key = own.variables["AWS_ACCESS_KEY_ID"]
    own.start()
    assert own.variables["AWS_ACCESS_KEY_ID"] == key
    assert own.client("ec2").describe_vpcs(VpcIds=[made])["Vpcs"][0]["CidrBlock"] == "10.5.0.0/16"
    assert own.client("iam").get_role(RoleName=role.rpartition("/")[2])


def test_a_cluster_survives_the_end_of_all_processes(own):
    before = own.cluster("kept")
    assert own.kubectl("kept", "create", "namespace", "kept").returncode == 0
    own.python("processes.stop_all()")
    own.start()
    own.python("controlplane.start_all()")
    after = own.client("eks").describe_cluster(name="kept")["cluster"]
    assert after == before
    assert own.kubectl("kept", "get", "namespace", "kept").returncode == 0


def test_access_policies_still_reach_a_cluster_after_a_restart(own):
    eks = own.client("eks")
    key = own.user("late")
    principal = "arn:aws:iam::000000000000:user/late"
    eks.create_access_entry(clusterName="kept", principalArn=principal)
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    scope = {"type": "cluster"}
    eks.associate_access_policy(
        clusterName="kept", principalArn=principal, policyArn=policy, accessScope=scope
    )
    assert own.kubectl("kept", "get", "secrets", key=key).returncode == 0


@pytest.mark.parametrize("part", ["etcd", "kube-apiserver", "kube-scheduler", "kubelet"])
def test_a_dead_process_is_noticed_and_mended(own, part):
    kill(own, f"kept-{part}")
    own.python("controlplane.start_all()")
    assert own.state(f"kept-{part}") == "running"
    assert own.kubectl("kept", "get", "namespace", "kept").returncode == 0


def test_an_api_server_whose_port_was_taken_moves_and_all_follow(own):
    kill(own, "kept-kube-apiserver")
    before = own.client("eks").describe_cluster(name="kept")["cluster"]
    with socket.create_server(("127.0.0.1", int(before["endpoint"].rpartition(":")[2]))):
        own.python("controlplane.start_all()")
    after = own.client("eks").describe_cluster(name="kept")["cluster"]
    assert after == {**before, "endpoint": after["endpoint"]}
    assert after["endpoint"] != before["endpoint"]
    (own.clone.folder / "kept.kubeconfig").unlink()
    own.client("eks").create_nodegroup(
        clusterName="kept",
        nodegroupName="n",
        nodeRole=own.role("ec2.amazonaws.com"),
        subnets=after["resourcesVpcConfig"]["subnetIds"],
    )
    own.kubectl("kept", "create", "deployment", "d", "--image=none")
    available = ("wait", "--for=condition=Available", "deployment/d", f"--timeout={PATIENCE}s")
    assert own.kubectl("kept", *available).returncode == 0
    own.client("eks").delete_nodegroup(clusterName="kept", nodegroupName="n")


def test_killed_while_a_cluster_is_being_created(own):
    network = {"subnetIds": own.subnets()}
    own.client("eks").create_cluster(name="unfinished", roleArn=own.role(), resourcesVpcConfig=network)
    kill(own, "aws")
    own.start()
    assert own.settled("unfinished")["status"] == "ACTIVE"
    assert own.kubectl("unfinished", "get", "namespaces").returncode == 0


def test_a_cluster_deleted_after_a_restart_leaves_nothing(own):
    eks = own.client("eks")
    for name in ("kept", "unfinished"):
        eks.delete_cluster(name=name)
    assert [name for name in own.names() if name != "aws"] == []
    assert list((own.clone.folder / ".local/state/clusters").iterdir()) == []


def test_a_control_plane_that_does_not_start_is_a_failed_cluster(own):
    """ministack alone calls it ACTIVE."""
    program = own.clone.folder / ".local/bin/kube-apiserver"
    target = program.readlink()
    program.unlink()
    try:
        made = own.cluster("broken")
        assert made["status"] == "FAILED"
        assert "kube-apiserver" in made["health"]["issues"][0]["message"]
        own.client("eks").delete_cluster(name="broken")
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            own.client("eks").describe_cluster(name="broken")
        assert own.names() == ["aws"]
    finally:
        program.symlink_to(target)
