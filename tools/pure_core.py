"""Which modules are the pure core: no input or output, no clock, no event loop, no chance of their own.

Shared by the purity test (tests/test_imports.py) and the coverage floor (tools/checks.py).
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "donghaeng"

PURE = (
    "korean",
    "understanding",
    "dialogue",
    "city/services",
    "city/slots.py",
    "city/operations.py",
    "knowledge",
    "learning",
    "office",
    "review",
    "tower/csv_files.py",
    "tower/history.py",
    "tower/incidents/incident.py",
    "tower/incidents/reminding.py",
    "tower/process/deciding.py",
    "tower/process/gates.py",
    "tower/process/noticing.py",
    "tower/process/risk.py",
    "tower/process/rules.py",
    "tower/process/state.py",
    "tower/register",
    "tower/cases/freeze_model.py",
    "tower/cases/freeze_winters.py",
    "tower/cases/package.py",
    "tower/cases/result.py",
    "tower/cases/scores.py",
    "tower/cases/siting.py",
    "tower/cases/unmet_groups.py",
    "tower/targets/pace.py",
    "tower/figures/folding.py",
    "tower/figures/otlp.py",
    "tower/figures/points.py",
    "tower/figures/sketch.py",
    "tower/figures/telling.py",
    "tower/figures/values.py",
)
"""Folders and modules under the package."""

LOADERS = (
    "understanding/embed",
    "understanding/load.py",
    "understanding/ranking/kept.py",
    "city/services/loading.py",
    "city/services/positions.py",
    "knowledge/loading.py",
    "knowledge/catalogue_sets.py",
    "knowledge/kept_analysis.py",
    "knowledge/library.py",
    "knowledge/shelf.py",
    "knowledge/fetching.py",
    "knowledge/documents/apart.py",
    "knowledge/documents/kinds.py",
    "knowledge/documents/limits.py",
    "knowledge/documents/readers",
    "learning/card_pdf.py",
    "learning/certificate_pdf.py",
    "learning/desk.py",
    "learning/issuing.py",
    "learning/loading.py",
    "learning/own_records.py",
    "learning/project_desk.py",
    "office/drafts/desk.py",
    "office/drafts/files",
    "office/drafts/loading.py",
    "office/drafts/wording.py",
    "office/form_desk.py",
    "office/forms.py",
    "office/forms_apart.py",
    "office/library/boxes.py",
    "office/library/desk.py",
    "office/lint/files.py",
    "office/lint/loading.py",
    "office/minutes/desk.py",
    "office/minutes/loading.py",
    "office/minutes/sound",
    "office/minutes/working.py",
    "office/measuring.py",
    "office/writing.py",
    "review/board.py",
    "review/collecting.py",
    "review/desk.py",
    "review/document_effects.py",
    "review/measuring.py",
    "review/overlay.py",
    "review/passages.py",
    "review/recorded_questions.py",
    "review/service_desk.py",
    "review/service_runs.py",
    "review/service_view.py",
    "review/service_yaml.py",
    "review/written_services.py",
    "tower/register/loading.py",
    "tower/register/register.py",
)
"""What reads files or engines for the core, within its folders; not pure, and not counted with it."""


def pure_modules() -> list[Path]:
    """Every module of the pure core, sorted."""
    excluded = [PACKAGE / place for place in LOADERS]
    found = []
    for place in PURE:
        path = PACKAGE / place
        modules = path.rglob("*.py") if path.is_dir() else [path]
        found += [module for module in modules if not any(module.is_relative_to(place) for place in excluded)]
    return sorted(found)
