"""The Serve application: the agent and what it calls. Serve imports :func:`build` by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ray import serve
from ray.serve import Application

from donghaeng.cluster.shape import AGENT, ANSWERS, EMBEDDER, RECOGNISER, SYNTHESISER, AgentOptions
from donghaeng.cluster.workers import AnswersWorker, EmbedderWorker, RecogniserWorker, SynthesiserWorker
from donghaeng.settings import load_settings
from donghaeng.trust.logging import set_up_logging

if TYPE_CHECKING:
    from donghaeng.cluster.agent import AgentApp


class Agent:
    """Runs the application. What it is bound to is started with it and called by name."""

    def __init__(self, options: AgentOptions, *called: Any) -> None:
        del called
        # Only an agent's process loads the application, not those of engines.
        from donghaeng.cluster.agent import agent_app  # noqa: PLC0415

        settings = load_settings()
        set_up_logging(settings.log_level)
        self._app = agent_app(settings, options)

    def __serve_build_asgi_app__(self) -> AgentApp:
        """The application, for Serve."""
        return self._app


def build(args: dict[str, Any]) -> Application:
    """The application; counts and limits come with Serve's configuration.

    Args:
        args: what the configuration gives, as :class:`AgentOptions` has it.
    """
    options = AgentOptions.model_validate(args)
    embedder = serve.deployment(name=EMBEDDER)(EmbedderWorker).bind()
    called = [embedder, serve.deployment(name=ANSWERS)(AnswersWorker).bind(embedder)]
    if options.speech:
        called.append(serve.deployment(name=RECOGNISER)(RecogniserWorker).bind())
        called.append(serve.deployment(name=SYNTHESISER)(SynthesiserWorker).bind())
    agent: Any = serve.deployment(name=AGENT)(serve.ingress()(Agent))
    application: Application = agent.bind(options, *called)
    return application
