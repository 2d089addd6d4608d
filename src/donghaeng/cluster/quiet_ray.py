"""The one place that imports Ray: it tells nobody that it is used, and is missing with a remedy.

Ray reads these variables when it is imported and hands them to every process that it starts.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final

from donghaeng.errors import EngineMissing

ENVIRONMENT: Final = MappingProxyType(
    {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_USAGE_STATS_PROMPT_ENABLED": "0",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
        "RAY_DEDUP_LOGS": "1",
    }
)


def prepare() -> None:
    """Set what Ray reads; to be called before it is imported.

    Raises:
        EngineMissing: Ray is not installed.
    """
    os.environ.update(ENVIRONMENT)
    if find_spec("ray") is None:
        raise EngineMissing("Ray is not installed", remedy="pip install 'donghaeng[cluster]'")
