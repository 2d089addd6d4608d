"""`donghaeng cluster …` without a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from donghaeng.cli.cluster import cluster
from donghaeng.cluster.documents import serve_config
from donghaeng.cluster.shape import ClusterShape
from donghaeng.errors import EngineError, EngineMissing


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(cluster, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_configuration_is_printed_with_the_counts_that_are_wanted() -> None:
    found = YAML(typ="safe").load(printed("config", "--agents", "3", "--no-speech", "--port", "8301"))
    assert found == serve_config(ClusterShape(agents=3, speech=False), port=8301)


def test_the_document_for_kubernetes_names_the_installed_ray() -> None:
    ray = pytest.importorskip("ray", reason="Ray is not installed")
    found = YAML(typ="safe").load(printed("kuberay", "--image", "registry.example/donghaeng:1"))
    assert found["spec"]["rayClusterConfig"]["rayVersion"] == ray.__version__


def test_a_cluster_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed")
    file = tmp_path / "cluster.yaml"
    file.write_text(printed("config"), encoding="utf-8")
    with pytest.raises(EngineError, match="127.0.0.1:9") as caught:
        CliRunner().invoke(
            cluster, ["deploy", str(file), "--address", "http://127.0.0.1:9"], catch_exceptions=False
        )
    assert "\n" not in str(caught.value)


def test_an_engine_of_a_cluster_says_where_it_works() -> None:
    pytest.importorskip("ray", reason="Ray is not installed")
    from donghaeng.cluster.engines import ClusterRecogniser

    with pytest.raises(EngineMissing, match="donghaeng cluster run"):
        ClusterRecogniser()
