"""Argo CD on this host: a process for each of its Deployments and StatefulSets in the cluster.

A process gets from the pod template what a container would get: program, arguments, variables, ConfigMaps as
files, and the rights of the ServiceAccount. Only addresses differ: here everything listens on 127.0.0.1.
Does not manage how the objects look in the cluster: their pods are kwok's.
"""

import base64
import hashlib
import logging
import secrets
import shutil
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from local import argocd, clusters, pki, pods, processes, records
from local.kube import Kube, Object
from local.processes import Process, ProcessError

log = logging.getLogger("local.workloads")

CORE = f"/api/v1/namespaces/{argocd.NAMESPACE}"
KINDS = ("deployments", "statefulsets")

REDIS_JOB = "argocd-redis-secret-init"
REDIS_SECRET = "argocd-redis"  # noqa: S105 - a name
"""The Job of the chart that makes a password for Redis, and the Secret that it makes."""

TOKEN_LIFETIME = 24 * 3600
"""Seconds that a ServiceAccount's token is good for; renewed after half of them."""


class Workloads:
    """Keeps the processes those of the cluster's workloads."""

    def __init__(self, cluster: str) -> None:
        self._cluster = cluster
        self._kube = Kube(cluster)
        self._issued: dict[str, tuple[str, float]] = {}  # workload: uid of the account, time
        self._told: dict[str, str] = {}
        self._seen: dict[tuple[str, str], dict[str, str] | None] = {}  # data of objects, during one look

    def reconcile(self) -> None:
        """One look: run what has an object and what it needs, end what has none.

        Raises ProcessError if a process does not come up.
        """
        self._seen.clear()
        found = {
            item["metadata"]["name"]: item
            for kind in KINDS
            for item in self._kube.items(f"/apis/apps/v1/namespaces/{argocd.NAMESPACE}/{kind}")
            if item["spec"].get("replicas", 1) > 0
        }
        self._end(set(argocd.WORKLOADS) - set(found))
        self._run_password_job()
        accounts = {a["metadata"]["name"]: a for a in self._kube.items(f"{CORE}/serviceaccounts")}
        wanted = [self._prepare(name, found[name], accounts) for name in argocd.WORKLOADS if name in found]
        try:
            with ThreadPoolExecutor() as pool:
                list(pool.map(processes.start, [process for process in wanted if process]))
        except ProcessError:
            argocd.port.cache_clear()  # perhaps another program has taken one
            raise

    def _end(self, names: set[str]) -> None:
        for name in names:
            if records.read(f"{self._cluster}-{name}"):
                processes.remove(f"{self._cluster}-{name}")
                shutil.rmtree(self._folder(name), ignore_errors=True)
                self._issued.pop(name, None)
                self._tell(name, "ended, because its workload is gone")

    def _prepare(self, name: str, workload: Object, accounts: Mapping[str, Object]) -> Process | None:
        """The workload's process, its files written; None while something is missing."""
        pod = workload["spec"]["template"]["spec"]
        container = pod["containers"][0]
        account = accounts.get(pod.get("serviceAccountName", "default"))
        if account is None:
            return None
        folder = self._folder(name)
        (folder / "tmp").mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            variables = pods.environment(container, argocd.NAMESPACE, self._data)
        except pods.NotReadyError as error:
            self._tell(name, f"waits: {error}")
            return None
        self._tell(name, "runs")
        for volume in pod.get("volumes", []):
            if reference := volume.get("configMap"):
                pods.write_files(folder / volume["name"], self._data("ConfigMap", reference["name"]) or {})
        variables |= self._write_certificate(container, folder)
        self._renew_token(name, account)
        variables |= clusters.api_address(self._cluster)
        return argocd.process(f"{self._cluster}-{name}", name, container, variables, folder)

    def _write_certificate(self, container: Object, folder: Path) -> dict[str, str]:
        """Put the repo server's certificate where the container would have it, below the folder `app/config`.

        Programs read it only when they start: the variable returned differs with it, and so starts them anew.
        """
        data = self._data("Secret", argocd.CERTIFICATE) or {}
        for mount in container.get("volumeMounts", []):
            if mount["name"] == argocd.CERTIFICATE:
                pods.write_files(folder / mount["mountPath"].lstrip("/"), data)
                return {"CERTIFICATE": hashlib.sha256(data.get("tls.crt", "").encode()).hexdigest()}
        return {}

    def _renew_token(self, name: str, account: Object) -> None:
        """Keep a token of the ServiceAccount, and a kubeconfig that uses it, in the workload's folder."""
        uid, now = account["metadata"]["uid"], time.time()
        issued_for, issued_at = self._issued.get(name, ("", 0.0))
        if issued_for == uid and now - issued_at < TOKEN_LIFETIME / 2:
            return
        token = self._folder(name) / "token"
        pki.write_private(token, self._token(account["metadata"]["name"]).encode())
        clusters.write_kubeconfig(
            self._folder(name) / "kubeconfig", self._cluster, {"tokenFile": str(token)}, argocd.NAMESPACE
        )
        self._issued[name] = (uid, now)

    def _token(self, account: str) -> str:
        request = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": TOKEN_LIFETIME},
        }
        token: str = self._kube.create(f"{CORE}/serviceaccounts/{account}/token", request)["status"]["token"]
        return token

    def _run_password_job(self) -> None:
        """Do what the chart's Job does, with its rights: give Redis a password, once."""
        job = self._kube.find(f"/apis/batch/v1/namespaces/{argocd.NAMESPACE}/jobs/{REDIS_JOB}")
        if job is None or self._data("Secret", REDIS_SECRET) is not None:
            return
        account = job["spec"]["template"]["spec"]["serviceAccountName"]
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": REDIS_SECRET},
            "stringData": {"auth": secrets.token_urlsafe(16)},
        }
        Kube(self._cluster, self._token(account)).create(f"{CORE}/secrets", secret)
        self._seen.clear()

    def _data(self, kind: str, name: str) -> dict[str, str] | None:
        if (kind, name) not in self._seen:
            self._seen[kind, name] = self._fetch(kind, name)
        return self._seen[kind, name]

    def _fetch(self, kind: str, name: str) -> dict[str, str] | None:
        found = self._kube.find(f"{CORE}/{kind.lower()}s/{name}")
        if found is None:
            return None
        data: dict[str, str] = found.get("data", {})
        if kind == "Secret":
            return {key: base64.b64decode(value).decode() for key, value in data.items()}
        return data

    def _tell(self, name: str, news: str) -> None:
        if self._told.get(name) != news:
            self._told[name] = news
            log.info("%s %s", name, news)

    def _folder(self, name: str) -> Path:
        return clusters.folder(self._cluster) / "pods" / name
