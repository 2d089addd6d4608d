"""Tables, repositories and migrations.

:class:`~donghaeng.store.store.Store` runs work in transactions; the modules beside it (``conversations``,
``events``, ``replies``, ``outbox``, ``requests``, ``messages``, ``handovers``, ``places``, ``quotas``,
``remembered``, ``knowledge``) are
functions over a :class:`~donghaeng.store.store.Transaction`, so that one transaction may hold the work of
several.
"""

from donghaeng.store.store import Store, Transaction

__all__ = ["Store", "Transaction"]
