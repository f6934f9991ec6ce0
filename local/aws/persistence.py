"""State of the emulator on disk after every change: SIGKILL loses nothing that a caller was told.

ministack itself writes its state only when it shuts down in good order.
"""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core import persistence

State = dict[str, Any] | None
"""What a service has to keep; None when it could not even be loaded."""

_lock = threading.Lock()
_written: dict[str, str] = {}


def changed() -> None:
    """Write the state of every loaded service that differs from what was written last."""
    with _lock:
        for service, get_state in app._build_persistence_save_dict().items():
            state, text = _snapshot(get_state)
            if state is not None and _written.get(service) != text:
                persistence.save_state(service, state)
                _written[service] = text


def _snapshot(get_state: Callable[[], State]) -> tuple[State, str]:
    while True:
        try:
            state = get_state()
            return state, json.dumps(state, default=persistence._json_default)
        except RuntimeError:  # a thread of ministack changed it meanwhile
            time.sleep(0.01)
