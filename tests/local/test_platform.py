"""The whole program on the local environment, from `up` to `destroy`. The tests go in this order."""

import base64
import json
import re
import socket
import ssl
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import psutil
import pytest
import yaml

from tests.local.clone import PATIENCE, wait_for

LOOPBACK = {"127.0.0.1", "::1"}


@pytest.fixture(scope="module")
def up(clone):
    clone.local("up")
    return clone


@pytest.fixture(scope="module")
def password(up):
    return up.shell("$(pulumi stack output argocdAdminPasswordCommand)").strip()


@pytest.fixture(scope="module")
def argocd(up):
    """Calls Argo CD's API as the person that the README describes."""
    url = up.output("argocdUrl")
    # Argo CD's own certificate, made at its first start; the connection stays on this machine.
    context = ssl._create_unverified_context()

    def call(path, body=None, token=None):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{url}{path}", data, headers)
        with urllib.request.urlopen(request, context=context, timeout=PATIENCE) as answer:
            return json.load(answer)

    return call


def test_argo_cd_reports_everything_synced_and_healthy(argocd, password):
    session = argocd("/api/v1/session", {"username": "admin", "password": password})
    items = argocd("/api/v1/applications", token=session["token"])["items"]
    found = {item["metadata"]["name"]: item["status"] for item in items}
    assert found.keys() == {"root", "namespaces", "nginx-app"}
    states = {name: (s["sync"]["status"], s["health"]["status"]) for name, s in found.items()}
    assert set(states.values()) == {("Synced", "Healthy")}, states


def test_another_password_is_refused(argocd, password):
    with pytest.raises(urllib.error.HTTPError, match="401"):
        argocd("/api/v1/session", {"username": "admin", "password": f"{password}x"})


def test_nobody_looks_without_logging_in(argocd):
    with pytest.raises(urllib.error.HTTPError, match="401"):
        argocd("/api/v1/applications")


def test_the_default_project_permits_nothing(up):
    spec = json.loads(up.shell("kubectl -n argocd get appproject default -o json"))["spec"]
    permitted = ("sourceRepos", "sourceNamespaces", "destinations", "clusterResourceWhitelist")
    assert [entry for key in permitted for entry in spec.get(key, [])] == []
    assert spec["namespaceResourceBlacklist"] == [{"group": "*", "kind": "*"}]


def test_callers_know_the_repo_server_by_its_certificate(up):
    """Incident: whatever answered at the repo server's address was believed."""
    callers = [
        process for process in up.processes() if "repo-server=127.0.0.1:" in " ".join(process.cmdline())
    ]
    variables = [pair for process in callers for pair in process.environ().items()]
    strict = [value for name, value in variables if name.endswith("_REPO_SERVER_STRICT_TLS")]
    assert strict == ["true"] * 3
    assert _repo_server_shows(up, _certificate(up))


def _certificate(up):
    known = up.shell("kubectl -n argocd get secret argocd-repo-server-tls -o jsonpath='{.data.ca\\.crt}'")
    return base64.b64decode(known).decode()


def _repo_server_shows(up, certificate):
    context = ssl.create_default_context(cadata=certificate)
    context.set_alpn_protocols(["h2"])
    port = json.loads((up.folder / ".local/state/ports.json").read_text())["argocd-repo-server"]
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
            context.wrap_socket(connection, server_hostname="argocd-repo-server") as wrapped,
        ):
            return wrapped.version() == "TLSv1.3"
    except OSError:  # not yet up, or another certificate
        return False


def test_pods_run_on_the_nodes_of_the_node_group(up):
    nodes = json.loads(up.shell("kubectl get nodes --output json"))["items"]
    assert len(nodes) == 2
    for node in nodes:
        assert node["metadata"]["labels"]["eks.amazonaws.com/nodegroup"] == "default"
    pods = json.loads(up.shell("kubectl get pods --namespace nginx-app --output json"))["items"]
    assert len(pods) == 2
    assert {pod["spec"]["nodeName"] for pod in pods} <= {node["metadata"]["name"] for node in nodes}


def test_a_second_up_changes_nothing(up):
    """Incident: a random salt and a dropped launch template made every `up` a change."""
    summary = up.local("up")
    assert re.search(r"\d+ unchanged", summary)
    assert not re.search(r"\d+ (created|updated|deleted|replaced)", summary)


def test_the_engine_itself_sees_no_change(up):
    up.shell("pulumi preview --expect-no-changes --non-interactive")
    up.shell("pulumi preview --refresh --expect-no-changes --non-interactive")


def preview_with(up, options):
    """The plan with other settings, which the engine keeps in the stack's file: here in a copy."""
    copied = 'cp "$PULUMI_OPTION_CONFIG_FILE" .local/other.yaml'
    return up.shell(f"{copied} && pulumi preview --non-interactive --config-file .local/other.yaml {options}")


def test_a_change_of_the_release_replaces_nothing(up):
    """Incident: the namespace was an output of the release, and each change of a chart value was planned as
    the replacement of the root Application, which deletes everything that Argo CD has made."""
    plan = json.loads(preview_with(up, "--config gitops-platform:argocdReconciliationSeconds=7 --json"))
    changed = {step["urn"].rpartition("::")[2]: step["op"] for step in plan["steps"] if step["op"] != "same"}
    assert changed == {"argocd-release": "update"}


def test_the_preview_tells_what_overrides_a_setting(up):
    plan = preview_with(up, "--config-path --config gitops-platform:argocdValues.server.replicas=2")
    assert "argocdValues overrides server.replicas, which the program sets" in plan


def test_the_password_is_written_nowhere(up, password):
    """Incident: a password in a state file, and the state file in a bucket that many could read."""
    assert _holders(up, password) == []


def _holders(up, password):
    """Files of the environment that show the password."""
    secret = password.encode()
    return [
        path
        for path in (up.folder / ".local").rglob("*")
        if path.is_file() and not path.is_symlink() and secret in path.read_bytes()
    ]


def test_no_process_shows_a_secret_in_its_arguments(up, password):
    passphrase = (up.folder / ".local/state/passphrase").read_text()
    shown = " ".join(" ".join(process.cmdline()) for process in up.processes())
    assert password not in shown
    assert passphrase not in shown


def test_only_loopback_is_listened_on(up):
    """Incident: a development cluster with a well-known password was open to the conference's network."""
    addresses = {
        connection.laddr.ip
        for process in up.processes()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses
    assert addresses <= LOOPBACK


def test_key_files_are_the_users_alone(up):
    state = up.folder / ".local/state"
    private = [path for path in state.rglob("*") if path.suffix in {".key", ".kubeconfig", ".secret"}]
    private += [state / "passphrase", up.folder / ".local/kubeconfig"]
    assert len(private) > 5
    assert {oct(path.stat().st_mode & 0o777) for path in private} == {"0o600"}


def test_nothing_outside_the_project_and_the_cache_is_touched(up):
    names = (".kube", ".aws", ".pulumi")
    started = min(process.create_time() for process in up.processes())
    for folder in (Path.home() / name for name in names):
        changed = [path for path in folder.rglob("*") if path.stat().st_mtime > started]
        assert changed == []


def test_a_commit_arrives_without_a_push(up):
    overlay = up.folder / "gitops/applications/nginx-app/overlays/dev/kustomization.yaml"
    overlay.write_text(overlay.read_text().replace("count: 2", "count: 3"))
    up.commit("Three replicas")

    def arrived():
        replicas = up.shell("kubectl -n nginx-app get deployment dev-nginx-app -o jsonpath={.spec.replicas}")
        return replicas == "3"

    wait_for(arrived, PATIENCE, "three replicas")


def test_a_deleted_deployment_comes_back(up):
    find = "kubectl -n nginx-app get deployment dev-nginx-app -o jsonpath={.metadata.uid} --ignore-not-found"
    before = up.shell(find)
    up.shell("kubectl -n nginx-app delete deployment dev-nginx-app")
    wait_for(lambda: up.shell(find) not in ("", before), PATIENCE, "a new Deployment")


def test_status_says_why_an_application_is_not_healthy(up):
    overlay = up.folder / "gitops/applications/nginx-app/overlays/dev/deployment.yaml"
    sound = overlay.read_text()
    deployment = yaml.safe_load(sound)
    deployment["spec"].setdefault("template", {}).setdefault("spec", {})["priorityClassName"] = "missing"
    overlay.write_text(yaml.safe_dump(deployment))
    up.commit("A priority class that nobody has made")
    told = re.compile(r"^nginx-app: ReplicaSet .*FailedCreate: .*no PriorityClass with name missing", re.M)
    try:
        wait_for(lambda: told.search(up.local("status", code=None)), 60, "the reason")
    finally:
        overlay.write_text(sound)
        up.commit("As it was")
        up.local("up")


class Refusing(BaseHTTPRequestHandler):
    """A Git server that asks for a credential."""

    def do_GET(self):
        self.send_error(401)


@pytest.fixture(scope="module")
def repositories(up):
    """URLs by name of repositories that cannot be used."""
    ports = json.loads((up.folder / ".local/state/ports.json").read_text())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        refusing = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
        Thread(target=refusing.serve_forever, daemon=True).start()
        yield {
            "missing": f"http://127.0.0.1:{ports['git']}/missing.git",
            "silent": f"http://127.0.0.1:{silent.getsockname()[1]}/platform.git",
            "private": f"http://127.0.0.1:{refusing.server_port}/platform.git",
        }
        refusing.shutdown()
        refusing.server_close()


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("repositoryUrl", "missing", "there is no Git repository at"),
        ("repositoryUrl", "silent", "nobody answers at"),
        ("repositoryUrl", "private", "wrong credential"),
        ("repositoryRevision", "no-such-branch", "there is no branch, tag or commit no-such-branch"),
        ("repositoryPath", "nowhere", "there is no folder nowhere/argocd"),
    ],
)
def test_a_wrong_repository_is_told_and_mended(up, repositories, key, value, told):
    """Incident: `up` ended well, and the cluster was empty: the branch had been renamed."""
    value = repositories.get(value, value)
    file = up.folder / "Pulumi.local.yaml"
    sound = file.read_text()
    file.write_text(f"{sound}  gitops-platform:{key}: {value}\n")
    try:
        said = up.local("up", code=1)
    finally:
        file.write_text(sound)
    assert f"{key} = {value}: " in said
    assert told in said
    assert "What to do: " in said
    [seconds] = re.findall(r"failed +([\d.]+)s +Argo CD Applications", said)
    assert float(seconds) < 30
    assert "Applications: 3 Synced and Healthy" in up.local("up")
    assert {item["spec"]["source"]["targetRevision"] for item in up.applications().values()} == {"HEAD"}


def test_a_deleted_certificate_is_replaced_and_everybody_learns_of_it(up):
    before = _certificate(up)
    up.shell("kubectl -n argocd delete secret argocd-repo-server-tls")
    up.shell("pulumi up --refresh --yes --skip-preview --non-interactive")
    after = _certificate(up)
    assert after != before
    wait_for(lambda: _repo_server_shows(up, after), 60, "the repo server's new certificate")
    up.local("up")


def test_a_rotation_changes_the_one_secret(up, argocd, password):
    """By hand, as docs/decisions/0003-admin-password.md tells it."""
    session = _session(argocd, password)
    up.shell("echo another-password | pulumi config set --secret argocdAdminPassword")
    up.shell('pulumi config set --plaintext argocdAdminPasswordMtime "$(date -u +%FT%TZ)"')
    _changed_the_one_secret(up.local("up"))
    _rotated(argocd, session, password, "another-password")


def test_the_rotation_of_the_command_changes_the_one_secret(up, argocd):
    """Incident: who had left the team still had a session; the rotated password was in the pipeline's log."""
    before = _revealed(up)
    session = _session(argocd, before)
    said = up.shell("python -m operations.rotate_password local --yes 2>&1")
    _changed_the_one_secret(said)
    after = _revealed(up)
    _rotated(argocd, session, before, after)
    assert after not in said
    assert _holders(up, after) == []
    kept = up.local("up")
    assert not re.search(r"\d+ (created|updated|deleted|replaced)", kept)
    assert _revealed(up) == after


def _revealed(up):
    return up.shell("pulumi config get argocdAdminPassword").strip()


def _session(argocd, password):
    return argocd("/api/v1/session", {"username": "admin", "password": password})["token"]


def _changed_the_one_secret(summary):
    assert re.findall(r"updated (\S+ \S+)", summary) == ["kubernetes:core/v1:Secret argocd-admin"]
    assert re.search(r"\b1 updated", summary)
    assert not re.search(r"\d+ (created|deleted|replaced)", summary)


def _rotated(argocd, session, before, after):
    """Argo CD refuses the session from before, takes the new password, and not the old one."""
    # First what can be asked often: after five wrong passwords Argo CD takes none for five minutes.
    wait_for(lambda: _refused(argocd, "/api/v1/applications", token=session), PATIENCE, "the session's end")
    assert not _refused(argocd, "/api/v1/applications", token=_session(argocd, after))
    assert _refused(argocd, "/api/v1/session", {"username": "admin", "password": before})


def _refused(argocd, *request, **options):
    try:
        argocd(*request, **options)
    except urllib.error.HTTPError as error:
        if error.code != 401:
            raise
        return True
    return False


def test_state_survives_down_and_up(up):
    uid = "kubectl get namespace argocd -o jsonpath={.metadata.uid}"
    before = up.shell(uid)
    up.local("down")
    assert up.processes() == []
    assert "nothing" in up.local("down").lower()
    summary = up.local("up")
    assert not re.search(r"\d+ (created|updated|deleted|replaced)", summary)
    assert up.shell(uid) == before


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_the_plan_of_another_stack_needs_no_credentials(up, stack):
    plan = up.local("preview", stack)
    assert "aws:eks:Cluster" in plan
    assert f'"gitops-platform-{stack}"' in plan
    assert "to create" in plan


def test_destroy_leaves_nothing(up):
    """Incident: the root Application's finalizer waited for an Argo CD that was already gone."""
    up.shell("pulumi destroy --yes --skip-preview --non-interactive")
    assert up.shell("aws eks list-clusters --query clusters --output text").strip() in ("", "None")
    networks = (
        "aws ec2 describe-vpcs --filters Name=tag:Project,Values=gitops-platform --query Vpcs --output json"
    )
    assert json.loads(up.shell(networks)) == []
    names = {process.name() for process in up.processes()}
    assert not any("kube" in name or "etcd" in name or "argocd" in name for name in names), names
