"""Plugins of the Pulumi engine end with it, even if it is killed and cannot tell them to."""

import os
import signal
import threading
import time


def end_with_parent() -> None:
    """End this process, and what it started, within a second after the one that started it has ended."""
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    if os.getpgrp() == os.getpid():  # the engine makes each plugin the leader of a group
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
