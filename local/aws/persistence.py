"""State of the emulator on disk after every change, so that even SIGKILL loses nothing that a caller was told.

ministack itself writes its state only when it shuts down in good order.
"""

import json
import logging
import threading
from typing import Any

from ministack import app
from ministack.core import persistence

log = logging.getLogger("local.persistence")

_lock = threading.Lock()
_written: dict[str, str] = {}


def changed() -> None:
    """Write the state of every loaded service that differs from what was written last."""
    with _lock:
        for service, get_state in app._build_persistence_save_dict().items():
            _save(service, get_state())


def _save(service: str, state: dict[str, Any] | None) -> None:
    if state is None:
        return
    text = json.dumps(state, default=persistence._json_default)
    if _written.get(service) != text:
        persistence.save_state(service, state)
        _written[service] = text
