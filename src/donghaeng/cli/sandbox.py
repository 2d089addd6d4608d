"""`donghaeng sandbox`: the sandbox city alone."""

from __future__ import annotations

import click
import uvicorn

from donghaeng.app import seoul_now
from donghaeng.app.cities import open_ledger
from donghaeng.app.stored_places import StoredPlaces
from donghaeng.city.places import load_builtin
from donghaeng.sandbox.app import create_app
from donghaeng.sandbox.city import SandboxCity
from donghaeng.settings import load_settings
from donghaeng.store import Store
from donghaeng.trust.sealing import make_sealer


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8400, show_default=True, help="Port to listen on.")
@click.option("--seed", type=int, help="Seed of its data; DONGHAENG_SANDBOX_SEED unless given.")
def sandbox(host: str, port: int, seed: int | None) -> None:
    """Run the sandbox city alone: every provider's formats and the gateway.

    Point an agent at it with DONGHAENG_SANDBOX_URL=http://127.0.0.1:8400

    \b
    Example:
      donghaeng sandbox --port 8400
      curl http://127.0.0.1:8400/openapi.seoul.go.kr/sample/json/bikeList/1/5/
    """
    settings = load_settings(sandbox_url=None, city="sandbox")
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    with Store.open(settings.database_url, sealer) as store:
        places = load_builtin(settings.catalogue / "places").with_places(StoredPlaces(store).load())
    ledger = open_ledger(settings, sealer)
    city = SandboxCity(settings.sandbox_seed if seed is None else seed, places, seoul_now, ledger=ledger)
    click.echo(f"The sandbox city answers at http://{host}:{port}/ for {len(places)} places", err=True)
    uvicorn.run(create_app(city), host=host, port=port, log_level="warning")
