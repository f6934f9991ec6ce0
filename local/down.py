"""`down` and `clean`: stop the local environment, and forget it."""

import shutil

from local import engine, paths, processes
from local.progress import Progress
from local.up import alone


def down(progress: Progress) -> None:
    """Stop everything; the state stays. Raises LocalError while another command changes the environment."""
    with alone("down"):
        _stop(progress)


def clean(progress: Progress) -> None:
    """Stop everything and remove all that the project has made in its folder; the user's cache stays.

    Raises LocalError while another command changes the environment.
    """
    with alone("clean"):
        _stop(progress)
        with progress.step("Remove .local"):
            shutil.rmtree(paths.LOCAL)


def _stop(progress: Progress) -> None:
    with progress.step("Stop the local environment") as step:
        engine.end_leftover()
        stopped = processes.stop_all()
        step.result = f"{len(stopped)} processes" if stopped else "nothing was running"
