"""Tools of the checkout: installation, system packages, checks. They run before anything is installed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this very file is what tells an older Python so
    sys.exit(
        "Donghaeng needs Python 3.11 or newer, and this is Python {}.{} ({}).\n"
        "Install a newer one (Debian, Ubuntu: apt-get install python3.11 python3.11-venv) "
        "or name it: make run PYTHON=/path/to/python3.11".format(*sys.version_info[:2], sys.executable)
    )
