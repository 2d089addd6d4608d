"""Tables, repositories and migrations.

:class:`~donghaeng.store.store.Store` runs work in transactions; the modules beside it (``conversations``,
``events``, ``replies``, ``outbox``, ``requests``, ``messages``, ``handovers``, ``places``, ``quotas``,
``remembered``, ``knowledge``, ``review_items``, ``proposals``, ``vault``, ``guardians``, ``register``,
``service_drafts``) are functions over a :class:`~donghaeng.store.store.Transaction`, so that one transaction
may hold the work of several.
"""

from donghaeng.store import case_call_tables as _case_call_tables  # noqa: F401  it belongs to the whole
from donghaeng.store import document_tables as _document_tables  # noqa: F401  they belong to the whole
from donghaeng.store import factor_tables as _factor_tables  # noqa: F401  they belong to the whole
from donghaeng.store import figures_tables as _figures_tables  # noqa: F401  they belong to the whole
from donghaeng.store import learner_tables as _learner_tables  # noqa: F401  they belong to the whole
from donghaeng.store import limit_tables as _limit_tables  # noqa: F401  they belong to the whole
from donghaeng.store import minutes_tables as _minutes_tables  # noqa: F401  they belong to the whole
from donghaeng.store import notice_tables as _notice_tables  # noqa: F401  they belong to the whole
from donghaeng.store import office_tables as _office_tables  # noqa: F401  they belong to the whole
from donghaeng.store import privacy_tables as _privacy_tables  # noqa: F401  they belong to the whole
from donghaeng.store import process_tables as _process_tables  # noqa: F401  they belong to the whole
from donghaeng.store import register_tables as _register_tables  # noqa: F401  they belong to the whole
from donghaeng.store import review_tables as _review_tables  # noqa: F401  they belong to the whole
from donghaeng.store import service_tables as _service_tables  # noqa: F401  they belong to the whole
from donghaeng.store import tower_tables as _tower_tables  # noqa: F401  they belong to the whole
from donghaeng.store import writing_tables as _writing_tables  # noqa: F401  they belong to the whole
from donghaeng.store.store import Store, Transaction

__all__ = ["Store", "Transaction"]
