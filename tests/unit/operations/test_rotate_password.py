"""A rotation on a stack that the user's own CLI runs; a program in its place records what it is told."""

import io
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import settings
from local import paths
from operations import rotate_password
from operations.rotate_password import HASH, MTIME

SCRIPT = f"""#!{sys.executable}
import json, sys, yaml
from pathlib import Path

folder = Path(__file__).parent
answers = json.loads((folder / "answers.json").read_text())
arguments = sys.argv[1:]
file = Path(arguments[arguments.index("--config-file") + 1])
given = sys.stdin.read() if arguments[0] == "config" else ""
with (folder / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps([arguments, given, yaml.safe_load(file.read_text())["config"]]) + "\\n")
if arguments[:2] == ["config", "set"]:
    content = yaml.safe_load(file.read_text())
    secret = arguments[2] == "--secret"
    content["config"][arguments[3]] = {{"secure": "v1:" + given[::-1]}} if secret else given
    file.write_text(yaml.safe_dump(content))
answer = answers.get(arguments[0], {{}})
if arguments[0] == "preview" and "edit" in answers:
    Path(answers["edit"]).write_text("config: {{edited: true}}")
print(json.dumps(answer.get("output", {{}})))
print(answer.get("complaint", ""), file=sys.stderr)
sys.exit(answer.get("code", 0))
"""

URN = "urn:pulumi:dev::gitops-platform::gitops-platform:argocd:ArgoCd$"
ADMIN = {"op": "update", "urn": f"{URN}kubernetes:core/v1:Secret::argocd-admin"}
RELEASE = {"op": "update", "urn": f"{URN}kubernetes:helm.sh/v3:Release::argocd-release"}
SAME = {"op": "same", "urn": f"{URN}kubernetes:core/v1:Namespace::argocd-namespace"}

OLD = {"secure": "v1:old"}


@dataclass
class Stack:
    """Stack dev, and the CLI that runs it."""

    bin: Path
    file: Path

    def answers(self, **of: Any) -> None:
        """What the CLI answers, by command."""
        plan = {"preview": {"output": {"steps": [SAME, ADMIN]}}}
        (self.bin / "answers.json").write_text(json.dumps({**plan, **of}))

    def calls(self, command: str = "") -> list[tuple[list[str], str, dict[str, Any]]]:
        """Arguments, input and configuration of each call so far."""
        recorded = self.bin / "calls.jsonl"
        calls = [json.loads(line) for line in recorded.read_text().splitlines()] if recorded.exists() else []
        return [call for call in calls if call[0][0].startswith(command)]

    def config(self) -> dict[str, Any]:
        content: dict[str, Any] = yaml.safe_load(self.file.read_text())["config"]
        return content

    def passwords(self) -> list[str]:
        """Every password that the CLI was given."""
        return [given for arguments, given, _ in self.calls("config") if settings.PASSWORD in arguments]


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """Handlers are the test runner's again after each test."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    made = Stack(tmp_path / "bin", tmp_path / "Pulumi.dev.yaml")
    made.bin.mkdir()
    program = made.bin / "pulumi"
    program.write_text(SCRIPT)
    program.chmod(0o755)
    made.file.write_text(yaml.safe_dump({"config": {settings.PASSWORD: OLD, "aws:region": "eu-west-1"}}))
    made.answers()
    monkeypatch.setenv("PATH", f"{made.bin}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return made


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes standard input a terminal on which somebody answers."""

    def answer(text: str) -> None:
        keyboard = io.StringIO(text)
        monkeypatch.setattr(keyboard, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", keyboard)

    return answer


def run(*options: str) -> int:
    return rotate_password.main(["dev", *options])


def test_the_password_goes_through_the_input_only(stack: Stack, capfd: pytest.CaptureFixture[str]) -> None:
    """Incident: a password was read in the process list, and another in the log of a pipeline."""
    assert run("--yes") == 0
    [password] = stack.passwords()
    assert len(password) == 32
    assert stack.config()[settings.PASSWORD] == {"secure": f"v1:{password[::-1]}"}
    assert password not in json.dumps([arguments for arguments, _, _ in stack.calls()])
    shown = capfd.readouterr()
    assert password not in shown.out + shown.err
    assert "pulumi config get --stack dev argocdAdminPassword" in shown.out
    assert "Commit Pulumi.dev.yaml" in shown.out


def test_each_rotation_makes_another_password(stack: Stack) -> None:
    assert (run("--yes"), run("--yes")) == (0, 0)
    assert len(set(stack.passwords())) == 2


def test_the_update_is_that_of_the_plan_with_the_time_just_before_it(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Incident: whoever logged in with the old password while the plan was read stayed in."""
    times = iter(["2026-02-01T00:00:00Z", "2026-02-01T00:05:00Z"])
    monkeypatch.setattr(rotate_password, "_now", lambda: next(times))
    assert run("--yes") == 0
    [(_, _, planned)], [(_, _, deployed)] = stack.calls("preview"), stack.calls("up")
    assert planned.pop(MTIME) == "2026-02-01T00:00:00Z"
    assert deployed.pop(MTIME) == "2026-02-01T00:05:00Z"
    assert planned == deployed


def test_the_time_is_now_in_utc(stack: Stack) -> None:
    assert run("--yes") == 0
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", stack.config()[MTIME])
    [arguments] = [arguments for arguments, _, _ in stack.calls("config") if MTIME in arguments][:1]
    assert "--plaintext" in arguments


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([ADMIN, RELEASE], "update kubernetes:helm.sh/v3:Release argocd-release"),
        ([{**ADMIN, "op": "replace"}], "replace kubernetes:core/v1:Secret argocd-admin"),
        ([SAME], "not even the admin Secret"),
        ([ADMIN] + [RELEASE] * 12, "and 2 more"),
    ],
)
def test_nothing_happens_if_anything_else_would_change(
    stack: Stack, capsys: pytest.CaptureFixture[str], steps: list[dict[str, str]], told: str
) -> None:
    """Incident: a rotation at night brought a chart upgrade along that waited for its window."""
    before = stack.file.read_bytes()
    stack.answers(preview={"output": {"steps": steps}})
    assert run("--yes") == rotate_password.FAILED
    complaint = capsys.readouterr().err
    assert told in complaint
    assert "pulumi up --stack dev" in complaint
    assert stack.file.read_bytes() == before
    assert stack.calls("up") == []


def test_a_plan_that_cannot_be_made_changes_nothing(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    before = stack.file.read_bytes()
    diagnostics = [{"severity": "info", "message": "x"}, {"severity": "error", "message": "no credentials"}]
    stack.answers(preview={"output": {"diagnostics": diagnostics}, "code": 255})
    assert run("--yes") == rotate_password.FAILED
    assert capsys.readouterr().err.endswith("failed:\nno credentials\n")
    assert stack.file.read_bytes() == before
    assert [path.name for path in stack.file.parent.iterdir() if path.is_file()] == [stack.file.name]


def test_what_the_cli_complains_of_is_told(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.answers(config={"complaint": "error: no stack named 'dev' found", "code": 255})
    assert run("--yes") == rotate_password.FAILED
    assert "no stack named 'dev' found" in capsys.readouterr().err


def test_after_a_failed_update_the_same_command_completes_it(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.answers(up={"code": 255})
    assert run("--yes") == rotate_password.FAILED
    assert "run the same command again" in capsys.readouterr().err
    # What was deployed can still be revealed, and every other update brings it, too.
    [password] = stack.passwords()
    assert stack.config()[settings.PASSWORD] == {"secure": f"v1:{password[::-1]}"}
    stack.answers()
    assert run("--yes") == 0
    assert len(stack.calls("up")) == 2


def test_an_edit_made_meanwhile_is_not_lost(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    stack.answers(edit=str(stack.file))
    assert run("--yes") == rotate_password.FAILED
    assert "Pulumi.dev.yaml was changed meanwhile" in capsys.readouterr().err
    assert stack.config() == {"edited": True}


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("Yes\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_on_a_terminal_it_asks(stack: Stack, terminal: Callable[[str], None], answer: str, code: int) -> None:
    before = stack.file.read_bytes()
    terminal(answer)
    assert run() == code
    assert len(stack.calls("up")) == 1 - code
    assert (stack.file.read_bytes() == before) == bool(code)


def test_without_a_terminal_it_wants_to_be_told(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert run() == rotate_password.INVALID
    assert stack.calls() == []


def test_a_stack_without_a_password_is_given_one_before_it_is_deployed(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.file.write_text("config: {}\n")
    assert run() == 0
    assert stack.config().keys() == {settings.PASSWORD, MTIME}
    assert stack.calls("preview") + stack.calls("up") == []
    assert "Next: pulumi up --stack dev" in capsys.readouterr().out


def test_a_given_hash_is_not_replaced(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    """Incident: a hash was given so that nobody's machine held the password; a tool put one beside it."""
    stack.file.write_text(yaml.safe_dump({"config": {HASH: OLD}}))
    assert run("--yes") == rotate_password.INVALID
    assert f"pulumi config set --stack dev --secret {HASH}" in capsys.readouterr().err
    assert stack.calls() == []


def test_there_must_be_such_a_stack(stack: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate_password.main(["tset", "--yes"]) == rotate_password.INVALID
    assert "There is no stack 'tset'" in capsys.readouterr().err
    assert stack.calls() == []


def test_there_must_be_a_cli(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(stack.file.parent))
    assert run("--yes") == rotate_password.FAILED
    assert "no `pulumi` on PATH" in capsys.readouterr().err


def test_interrupted_it_ends_the_cli_and_says_how_to_go_on(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*arguments: object, **options: object) -> str:
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("the signal was not handled")

    before = stack.file.read_bytes()
    monkeypatch.setattr(rotate_password, "_check", interrupt)
    assert run("--yes") == rotate_password.INTERRUPTED
    assert "run the same command again" in capsys.readouterr().err
    assert stack.file.read_bytes() == before


def test_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        rotate_password.main(["--help"])
    assert ended.value.code == 0
    assert "Exit codes: 0 done; 1 " in capsys.readouterr().out
