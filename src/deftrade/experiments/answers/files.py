"""Answers on disk: tables as Parquet and CSV, figures, sentences, and a manifest, all or nothing."""

from __future__ import annotations

import shutil
from math import isfinite
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.experiments.columns import dictionary_of
from deftrade.experiments.design.design import size
from deftrade.experiments.design.tables import Shown, show_robustness, show_sensitivity, show_sweep
from deftrade.experiments.robustness.robustness import Robustness
from deftrade.experiments.sensitivity import figures as figures_sensitivity
from deftrade.experiments.sensitivity.sensitivity import Sensitivity
from deftrade.experiments.sweep import figures as figures_sweep
from deftrade.experiments.sweep.sweep import Sweep
from deftrade.files import manifests
from deftrade.files.tables import write_table
from deftrade.files.writing import partial_folder, put, stands
from deftrade.report.style import save
from deftrade.report.tables import DICTIONARY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from deftrade.experiments.batch.result import BatchResult

    Answer = Sweep | Sensitivity | Robustness

SENTENCES = "findings.txt"
"""File of every answer that tells it in words."""


def kind_of(answer: Answer) -> str:
    """Return what sort of answer it is: the name of its command."""
    return type(answer).__name__.lower()


def tables(answer: Answer) -> dict[str, pd.DataFrame]:
    """Return the tables of an answer by the name of their file; empty ones are left out."""
    named = {kind_of(answer): answer.to_frame()}
    if isinstance(answer, Sensitivity):
        named["luck"] = answer.luck_frame()
    if isinstance(answer, Robustness):
        named |= {"boxes": answer.boxes_frame(), "worlds": Sweep(answer.outcomes).to_frame()}
    return {name: table for name, table in named.items() if len(table)}


def shown(answer: Answer) -> Shown:
    """Return the one table of an answer that terminal, notebook and report show."""
    if isinstance(answer, Sweep):
        return show_sweep(answer.outcomes)
    if isinstance(answer, Sensitivity):
        return show_sensitivity(answer.experiment, answer.method, answer.measured)
    return show_robustness(answer.to_frame())


def figures(answer: Answer) -> Iterator[tuple[str, Figure]]:
    """Yield the figures of an answer, each with the name of its file."""
    if isinstance(answer, Sweep):
        return figures_sweep.figures(answer.outcomes)
    if isinstance(answer, Sensitivity):
        return figures_sensitivity.figures(answer.experiment, answer.measured)
    return answer.figures()


def to_dict(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain data, None for what is not known."""
    return {
        "folder": str(folder_of(answer)),
        "batch": str(answer.batch and answer.batch.folder),
        "kind": kind_of(answer),
        "experiment": answer.experiment.name,
        "findings": list(answer.sentences()),
        "tables": {
            name: [
                {
                    key: None if isinstance(value, float) and not isfinite(value) else value
                    for key, value in row.items()
                }
                for row in table.to_dict("records")
            ]
            for name, table in tables(answer).items()
        },
    }


def folder_of(answer: Answer) -> Path | None:
    """Return the folder of an answer, beside that of its batch; none where that is in memory."""
    batch = None if answer.batch is None else answer.batch.folder
    return None if batch is None else batch.with_name(f"{batch.name}-{kind_of(answer)}")


def keep_answer(answer: Answer) -> Path:
    """Write an answer beside its batch and return its folder; it replaces an earlier one.

    Raises
    ------
    OutputError
        Something else stands there, or the disk refuses.
    """
    import pyarrow as pa

    folder, batch = folder_of(answer), answer.batch
    if folder is None or batch is None:
        raise OutputError("a batch in memory has no place beside which to keep an answer")
    if stands(folder):
        manifests.read(folder)  # what is no result of ours is not replaced
    written: dict[str, pa.Table] = {}
    with partial_folder(folder) as partial:
        for name, frame in tables(answer).items():
            table = pa.Table.from_pandas(frame, preserve_index=False)
            written[name] = table
            for ending in ("parquet", "csv"):
                write_table(table, partial / f"{name}.{ending}")
        factors = [factor.path for factor in answer.experiment.factors]
        write_table(dictionary_of(written, factors), partial / DICTIONARY)
        for name, figure in figures(answer):
            save(figure, partial / f"{name}.png")
        text = "\n".join(answer.sentences())
        (partial / SENTENCES).write_text(f"{text}\n", encoding="utf-8")
        for path in list(answer.experiment.files)[:1]:  # the experiment's own file comes first
            shutil.copyfile(path, partial / path.name)
        manifests.write(_manifest(answer, batch, partial), partial)
        put(partial, folder)
    return folder


def _manifest(answer: Answer, batch: BatchResult, folder: Path) -> dict[str, Any]:
    """Return the manifest of an answer whose other files stand in a folder."""
    experiment = answer.experiment
    facts = {
        "kind": kind_of(answer),
        "experiment": {
            "name": experiment.name,
            "title": experiment.title,
            "design": experiment.design,
            "points_asked": experiment.points,
            "points": size(experiment.design, experiment.factors, experiment.points),
            "runs": experiment.runs,
            "seed": experiment.seed,
            "policies": list(experiment.policies),
            "factors": [
                {"path": factor.path, "low": factor.low, "high": factor.high, "levels": list(factor.levels)}
                for factor in experiment.factors
            ],
        },
        "batch": {"name": batch.name, "digest": batch.plan["digest"], "content": batch.content},
    }
    return manifests.build("answer", manifests.Origin.now(experiment.files), facts, folder)
