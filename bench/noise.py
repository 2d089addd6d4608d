"""Makes noisy test cases from clean ones: what a recogniser hears of what older people say.

.venv/bin/python bench/noise.py clean.jsonl --out noisy.jsonl
.venv/bin/python bench/noise.py clean.jsonl --out jeolla.jsonl --dialect jeolla --detours 0.5 --cer 0
.venv/bin/python bench/noise.py --help
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from donghaeng.city.dialects import DIALECT_FILE, load_dialects
from donghaeng.errors import DonghaengError
from donghaeng.measuring.cases import predictions_file, read_cases, write_prediction
from donghaeng.measuring.noise import HIGHEST, Wanted, make
from donghaeng.settings import load_settings

SHARE = click.FloatRange(0, 1)


@click.command()
@click.argument("cases", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where the noisy cases go.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same words everywhere.")
@click.option(
    "--cer",
    "error_rate",
    default=0.15,
    show_default=True,
    type=click.FloatRange(0, HIGHEST),
    help="Character error rate of the recogniser to reach, over all cases; 0 hears every word.",
)
@click.option("--dialect", help="A region of the table, or `all`: one by chance for each case.")
@click.option("--fillers", default=0.0, show_default=True, type=SHARE, help="Share of cases with 음, 저기 …")
@click.option("--detours", default=0.0, show_default=True, type=SHARE, help="Share with 죄송한데요 …")
@click.option("--repairs", default=0.0, show_default=True, type=SHARE, help="Share with 화요일 아니 수요일 …")
@click.option("--keep-numbers", is_flag=True, help="Digits and number words are heard as they are.")
@click.option("--keep", multiple=True, help="A word that is heard as it is; a case's own stand in `keep`.")
@click.option("--copies", default=1, show_default=True, type=click.IntRange(1, 1000), help="Of each case.")
@click.option("--table", type=click.Path(path_type=Path), help="Another dialect.yaml than the catalogue's.")
def main(cases: Path, out: Path, table: Path | None, **wanted: Any) -> None:
    """Make noisy cases of CASES, lines of {"text", …}; other keys stay, `clean` holds the text as it was.

    The last line on standard output is a JSON summary: `cer` is what was reached, counted as `donghaeng eval
    hearing` counts it, against the words as they were said (in dialect, with fillers). Numbers and names are
    another request when they are misheard: where the label depends on them, use --keep-numbers and --keep.

    \b
    Examples:
      bench/noise.py clean.jsonl --out noisy.jsonl
      bench/noise.py clean.jsonl --out phone.jsonl --cer 0.25 --seed 7
      bench/noise.py clean.jsonl --out jeju.jsonl --cer 0 --dialect jeju
      bench/noise.py clean.jsonl --out elders.jsonl --dialect all --fillers 0.4 --detours 0.4 --keep-numbers
    """
    rows = [row for _, row in read_cases(cases, {"text": str}, {"keep": list})]
    manners = load_dialects(table or load_settings().catalogue / "lexicon" / DIALECT_FILE)
    made = make(rows, manners, Wanted(**wanted))
    with predictions_file(out) as stream:
        for row in made.cases:
            write_prediction(stream, row)
    click.echo(json.dumps(made.summary, ensure_ascii=False))


if __name__ == "__main__":
    try:
        main()
    except DonghaengError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
