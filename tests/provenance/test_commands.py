"""Command lines as data know every option that takes no value."""

import pytest
from typer.main import get_command

from deftrade.cli.app import app
from deftrade.provenance.commands import FLAGS

WRITERS = ("run", "ensemble", "compare", "sweep", "sensitivity", "robustness", "claims")


@pytest.mark.parametrize("name", WRITERS)
def test_options_without_a_value_are_known(name):
    parameters = get_command(app).commands[name].params
    flags = {option for each in parameters if getattr(each, "is_flag", False) for option in each.opts}
    assert flags
    assert flags <= FLAGS
