"""Who one is to a cluster: tokens of `aws eks get-token`, access entries, and nobody else."""

import base64
import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


@pytest.fixture(scope="module")
def viewer(aws, cluster):
    """Access key of a user who may view the cluster."""
    key = aws.user("viewer")
    principal = "arn:aws:iam::000000000000:user/viewer"
    eks = aws.client("eks")
    eks.create_access_entry(clusterName=cluster, principalArn=principal)
    scope = {"type": "cluster"}
    eks.associate_access_policy(
        clusterName=cluster, principalArn=principal, policyArn=VIEW, accessScope=scope
    )
    return key


def test_programs_act_as_the_operator(aws):
    assert aws.client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::000000000000:user/platform-admin"


def test_an_invented_access_key_is_refused(aws):
    invented = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "test"}
    with pytest.raises(Exception, match="InvalidClientTokenId"):
        aws.client("sts", invented).get_caller_identity()


def test_what_forgets_all_state_is_not_served(aws):
    """It would need no signature: any page in a browser could call it."""
    address = f"{aws.variables['AWS_ENDPOINT_URL']}/_ministack/reset"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(urllib.request.Request(address, method="POST"), timeout=60)


def test_a_user_without_rights_is_denied(aws):
    with pytest.raises(Exception, match="not authorized"):
        aws.client("ec2", aws.user("powerless")).describe_vpcs()


def test_the_creator_administers_the_cluster(aws, cluster):
    who = aws.kubectl(cluster, "auth", "whoami", "--output", "json")
    user = json.loads(who.stdout)["status"]["userInfo"]
    assert user["username"] == "arn:aws:iam::000000000000:user/platform-admin"
    assert aws.kubectl(cluster, "auth", "can-i", "*", "*").stdout == "yes\n"


def test_a_viewer_reads_but_neither_changes_nor_sees_secrets(aws, cluster, viewer):
    assert aws.kubectl(cluster, "get", "pods", key=viewer).returncode == 0
    for forbidden in (("delete", "pod", "x"), ("get", "secrets"), ("create", "namespace", "x")):
        done = aws.kubectl(cluster, *forbidden, key=viewer)
        assert done.returncode == 1
        assert "forbidden" in done.stderr


def test_a_stranger_is_unauthorized(aws, cluster):
    done = aws.kubectl(cluster, "get", "pods", key=aws.user("stranger"))
    assert done.returncode == 1
    assert "Unauthorized" in done.stderr or "must be logged in" in done.stderr


def test_a_token_is_good_for_its_cluster_and_signature_only(aws, cluster):
    """The token is a signed URL of the emulator's STS; nothing in it can be changed."""
    server = aws.client("eks").describe_cluster(name=cluster)["cluster"]["endpoint"]
    good = token(aws, cluster)
    assert good.startswith(f"{aws.variables['AWS_ENDPOINT_URL']}/?")
    assert accepts(aws, cluster, server, good)
    assert not accepts(aws, cluster, server, token(aws, "another"))
    assert not accepts(aws, cluster, server, good[:-1] + ("0" if good[-1] != "0" else "1"))
    assert not accepts(aws, cluster, server, good.replace("127.0.0.1", "localhost"))
    assert not accepts(aws, cluster, server, "http://127.0.0.1/?Action=GetCallerIdentity")


def token(aws, cluster):
    """The URL in a token that the operator asks for."""
    code = f"aws eks get-token --cluster-name {cluster} --output json"
    content = json.loads(aws.shell(code))["status"]["token"].removeprefix("k8s-aws-v1.")
    return base64.urlsafe_b64decode(content + "==").decode()


def accepts(aws, cluster, server, url):
    """Whether the API server knows the bearer of a token that holds this URL."""
    bearer = "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
    ca = aws.clone.folder / f".local/state/clusters/{cluster}/ca.crt"
    address = urllib.parse.urljoin(server, "/api/v1/namespaces")
    return aws.status(address, ca, bearer) == 200
