"""The application on several machines, as Ray Serve deployments that scale apart.

The agent deployment runs the application as it is. What hears, speaks and embeds is reached through engine
plug-ins (:mod:`donghaeng.cluster.engines`) and runs in deployments of its own, and so do the answers to free
questions. `shape` and `documents` know nothing of Ray.
"""
