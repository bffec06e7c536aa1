"""Command lines as data know every option that takes no value."""

import pytest
from typer.main import get_command

from deftrade.cli.app import app
from deftrade.provenance.commands import FLAGS, SEVERAL, parse

WRITERS = ("run", "ensemble", "compare", "sweep", "sensitivity", "robustness", "claims")


@pytest.mark.parametrize("name", WRITERS)
def test_options_without_a_value_are_known(name):
    parameters = get_command(app).commands[name].params
    flags = {option for each in parameters if getattr(each, "is_flag", False) for option in each.opts}
    assert flags
    assert flags <= FLAGS


@pytest.mark.parametrize("name", WRITERS)
def test_options_that_may_be_repeated_are_known(name):
    parameters = get_command(app).commands[name].params
    several = {
        option
        for each in parameters
        if getattr(each, "multiple", False) and each.param_type_name == "option"
        for option in each.opts
    }
    assert several <= SEVERAL


def test_an_option_that_is_repeated_is_written_again_each_time():
    words = ["deftrade", "run", "a.yaml", "--set", "seed=3", "--set=title=My run", "--set", "x={2027: 3%}"]
    line = "deftrade run a.yaml --set seed=3 --set 'title=My run' --set 'x={2027: 3%}' --out again"
    assert parse(words).again() == line
