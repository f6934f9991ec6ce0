"""A pull request's preview and a deployment with the very roles that the program makes for GitHub.

The emulator enforces their policies, their boundaries, and their trust by the claims of a token; it does not
check the token's signature.
"""

import base64
import json
import shlex
import sys

import boto3
import pytest
import yaml

CLUSTER = "gitops-platform-local"
ISSUER = "https://token.actions.githubusercontent.com"
ROLES = f"arn:aws:iam::000000000000:role/{CLUSTER}/guard/{CLUSTER}-github-"
ADMINISTRATOR = "arn:aws:iam::000000000000:user/platform-admin"
DEPLOYING = {"sub": "repo:owner/repository:environment:dev", "ref": "refs/heads/main", "environment": "dev"}
PREVIEWING = {"sub": "repo:owner/repository:pull_request", "ref": "refs/pull/1/merge"}


@pytest.fixture(scope="module")
def up(clone):
    """The stack, made by an administrator, with a repository that is trusted."""
    # A preview that refreshes reads the Secrets of Argo CD, which only the scope admin may.
    principals = (ADMINISTRATOR, f"{ROLES}deploy", f"{ROLES}preview")
    entries = [{"principalArn": principal, "scope": "admin"} for principal in principals]
    configure(clone, githubRepository="owner/repository", accessEntries=entries)
    clone.local("up")
    return clone


def configure(clone, **values):
    """Set keys of the stack."""
    file = clone.folder / "Pulumi.local.yaml"
    content = yaml.safe_load(file.read_text())
    content["config"] |= {f"gitops-platform:{key}": value for key, value in values.items()}
    file.write_text(yaml.safe_dump(content))


def token(claims):
    """A token as GitHub makes it, unsigned."""
    parts = ({"alg": "none"}, {"iss": ISSUER, "aud": "sts.amazonaws.com", **claims})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, ""])


def client(clone, service, session=None):
    """A boto3 client with a session's rights; with nobody's if there is none."""
    keys = session or {"AccessKeyId": "x", "SecretAccessKey": "x", "SessionToken": None}
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=clone.shell('echo "$AWS_ENDPOINT_URL"').strip(),
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def assume(clone, role, claims):
    """The credentials of a session that a workflow with these claims gets."""
    return client(clone, "sts").assume_role_with_web_identity(
        RoleArn=f"{ROLES}{role}", RoleSessionName="workflow", WebIdentityToken=token(claims)
    )["Credentials"]


def run(clone, session, command):
    """Run a command in the stack's shell with a session's rights."""
    variables = {
        "AWS_ACCESS_KEY_ID": session["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": session["SecretAccessKey"],
        "AWS_SESSION_TOKEN": session["SessionToken"],
    }
    exports = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
    return clone.shell(f"export {exports}\n{command}")


def test_neither_a_pull_request_nor_another_branch_deploys(up):
    """Incident: an environment without rules at GitHub deployed from whoever's branch."""
    for claims in (PREVIEWING, {**DEPLOYING, "ref": "refs/heads/feature"}):
        with pytest.raises(Exception, match="AccessDenied"):
            assume(up, "deploy", claims)


def test_a_pull_request_previews(up):
    """Incident: a preview role that lacked one read, found out in the first pull request."""
    session = assume(up, "preview", PREVIEWING)
    run(up, session, "pulumi preview --refresh --expect-no-changes --non-interactive")


def test_a_preview_changes_nothing(up):
    session = assume(up, "preview", PREVIEWING)
    with pytest.raises(Exception, match="not authorized"):
        client(up, "ec2", session).create_vpc(CidrBlock="10.9.0.0/16")


def test_a_deployment_makes_changes_and_deletes(up):
    """A gateway and its route, a template, roles with policies and associations: more of them, and less."""
    session = assume(up, "deploy", DEPLOYING)
    configure(
        up,
        natGateways="per-zone",
        nodeGroups={
            "default": {
                "instanceTypes": ["m7i.large"],
                "minSize": 1,
                "desiredSize": 2,
                "maxSize": 4,
                "diskGib": 60,
            }
        },
        workloads=["cluster-autoscaler", "external-dns"],
        hostedZoneIds=["Z0123456789ABC"],
    )
    write = "from local import stack; stack.write_config()"
    up.shell(f"{shlex.quote(sys.executable)} -c {shlex.quote(write)}")
    summary = run(up, session, "pulumi up --yes --skip-preview --non-interactive")
    for change in ("created", "updated", "deleted"):
        assert change in summary
    run(up, session, "pulumi preview --refresh --expect-no-changes --non-interactive")


def test_a_deployment_does_not_grow_its_rights(up):
    """Incident: a pull request gave the deploy role administrator rights, and deployed that."""
    iam = client(up, "iam", assume(up, "deploy", DEPLOYING))
    everything = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    own = {"RoleName": f"{CLUSTER}-github-deploy"}
    boundary = f"arn:aws:iam::000000000000:policy/{CLUSTER}/guard/{CLUSTER}-boundary"
    free = {"RoleName": "free", "Path": f"/{CLUSTER}/platform/", "AssumeRolePolicyDocument": everything}
    attempts = (
        lambda: iam.put_role_policy(**own, PolicyName="all", PolicyDocument=everything),
        lambda: iam.delete_role_permissions_boundary(**own),
        lambda: iam.update_assume_role_policy(**own, PolicyDocument=everything),
        lambda: iam.create_policy_version(PolicyArn=boundary, PolicyDocument=everything, SetAsDefault=True),
        lambda: iam.create_role(**free),
        lambda: iam.create_user(UserName="free"),
    )
    for attempt in attempts:
        with pytest.raises(Exception, match="AccessDenied"):
            attempt()
