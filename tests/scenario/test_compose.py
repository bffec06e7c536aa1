from hashlib import sha256
from pathlib import Path

import pytest

from deftrade.errors import ScenarioError
from deftrade.scenario.compose import resolve
from deftrade.scenario.yaml.places import Position


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(**contents):
        for name, content in contents.items():
            path = tmp_path / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(content, encoding="utf-8")

    return write


def report(path):
    with pytest.raises(ScenarioError) as caught:
        resolve(Path(path))
    return str(caught.value)


def firsts(path):
    """Return the first line of each fault."""
    with pytest.raises(ScenarioError) as caught:
        resolve(Path(path))
    return [str(fault).splitlines()[0] for fault in caught.value.faults]


def test_a_child_lies_over_its_parents(files):
    files(
        grandparent="title: old\nseed: 1\nworld: {states: [a, b], size: {x: 1, y: 2}}\n",
        parent="extends: grandparent.yaml\nworld: {size: {y: 3}}\nevents: [one, two]\n",
        child="extends: parent.yaml\ntitle: new\nworld: {states: [c]}\n",
    )
    composed = resolve(Path("child.yaml"))
    assert composed.data == {
        "title": "new",
        "seed": 1,
        "world": {"states": ["c"], "size": {"x": 1, "y": 3}},
        "events": ["one", "two"],
    }
    assert list(composed.data) == ["title", "seed", "world", "events"]
    assert composed.places.at(("title",)) == Position("child.yaml", 2, 8)
    assert composed.places.at(("world", "size", "x")).file == "grandparent.yaml"
    assert composed.places.at(("world", "size", "y")).file == "parent.yaml"
    assert composed.places.at(("world", "states", 0)).file == "child.yaml"
    assert ("world", "states", 1) not in composed.places.values
    assert [given.file for given in composed.inputs] == [
        "child.yaml", "parent.yaml", "grandparent.yaml",
    ]  # fmt: skip
    assert composed.inputs[0].sha256 == sha256(Path("child.yaml").read_bytes()).hexdigest()


def test_dated_values_and_events_are_replaced_whole(files):
    files(
        parent="policy: {states: {Noor: {offset_rate: {2027: 30%, 2030: 40%}}}}\nevents: [one]\n",
        child="extends: parent.yaml\n"
        "policy: {states: {Noor: {offset_rate: {2028-Q1: 10%}}}}\nevents: [two]\n",
    )
    data = resolve(Path("child.yaml")).data
    assert data["policy"]["states"]["Noor"]["offset_rate"] == {"2028-Q1": "10%"}
    assert data["events"] == ["two"]


@pytest.mark.parametrize(
    ("nothing", "path", "at"),
    [
        ("policy:", "policy", "2:1"),
        ("policy: {states: }", "policy.states", "2:10"),
        ("policy: {states: {Noor: {}}}", "policy.states.Noor", "2:19"),
        ("policy: {states: {Noor: {rate: null}}}", "policy.states.Noor.rate", "2:26"),
        ("policy: {states: {Noor: {rate: {}}}}", "policy.states.Noor.rate", "2:26"),
        ("events: ~", "events", "2:1"),
        ("world: {firms: }", "world.firms", "2:9"),
        ("seed:", "seed", "2:1"),
    ],
)
def test_nothing_over_an_inherited_value_is_a_fault(files, nothing, path, at):
    files(
        parent="policy: {states: {Noor: {rate: {2026: 30%}}}}\nevents: [one]\nseed: 5\nworld: {firms: [A]}\n",
        child=f"extends: parent.yaml\n{nothing}\n",
    )
    (first,) = firsts("child.yaml")
    assert first.startswith(f"child.yaml:{at}: {path}: nothing stands here, over what parent.yaml:")
    assert f"remove: [{path}] beside extends takes it out" in report("child.yaml")


def test_nothing_over_a_module_is_a_fault_too(files):
    files(
        module="states: {Noor: {rate: 1}}\n",
        child="policy: {include: [module.yaml], states: {Noor: {rate: }}}\n",
    )
    (first,) = firsts("child.yaml")
    assert first.startswith("child.yaml:1:50: policy.states.Noor.rate: nothing stands here")


def test_nothing_over_nothing_and_an_empty_list_are_no_faults(files):
    files(
        parent="policy: {states: {Noor: {rate: 1}}}\nevents: [one]\noutputs:\n",
        child="extends: parent.yaml\nevents: []\noutputs:\npolicy: {include: []}\nfresh:\n",
    )
    data = resolve(Path("child.yaml")).data
    assert data == {
        "policy": {"states": {"Noor": {"rate": 1}}}, "events": [], "outputs": None, "fresh": None,
    }  # fmt: skip


def test_what_is_removed_is_taken_out_of_the_parent(files):
    files(
        grandparent="policy: {states: {Noor: {a: 1, b: {2026: 1, 2030: 2}}, St. X: {c: 1}}}\nevents: [one]\n",
        parent="extends: grandparent.yaml\nseed: 1\n",
        child="extends: parent.yaml\n"
        "remove: [policy.states.Noor.a, policy.states.Noor.b.2030, policy.states.'St. X', events]\n"
        "policy: {states: {Noor: {d: 4}}}\n",
        all="extends: parent.yaml\nremove: [policy.states]\npolicy: {states: {Noor: {e: 5}}}\n",
    )
    assert resolve(Path("child.yaml")).data == {
        "policy": {"states": {"Noor": {"b": {"2026": 1}, "d": 4}}}, "seed": 1,
    }  # fmt: skip
    assert resolve(Path("all.yaml")).data["policy"] == {"states": {"Noor": {"e": 5}}}


def test_paths_that_nobody_has_cannot_be_removed(files):
    files(
        parent="policy: {states: {Noor: {rate: 1}}}\nevents: [one]\n",
        child="extends: parent.yaml\nremove:\n- policy.states.Nor.rate\n- events[0]\n- 5\n- evnts\n- a..b\n",
        word="extends: parent.yaml\nremove: events\n",
        alone="remove: [events]\n",
        module="remove: [states]\n",
        includes="policy: {include: [module.yaml]}\n",
    )
    assert firsts("child.yaml") == [
        "child.yaml:3:3: remove[0]: policy.states of the parent has nothing of this name to take out",
        "child.yaml:4:3: remove[1]: this is no path to a key, such as policy.states.Noor.offset_rate",
        "child.yaml:5:3: remove[2]: this is no path to a key, such as policy.states.Noor.offset_rate",
        "child.yaml:6:3: remove[3]: the parent has nothing of this name to take out",
        "child.yaml:7:3: remove[4]: this is no path to a key, such as policy.states.Noor.offset_rate",
    ]
    assert "found Nor; allowed: Noor; did you mean Noor?" in report("child.yaml")
    assert firsts("word.yaml") == [
        "word.yaml:2:9: remove: a list of paths belongs here, such as [policy.states.Noor.offset_rate]"
    ]
    assert "this belongs beside extends:" in firsts("alone.yaml")[0]
    assert "a module takes nothing out" in firsts("includes.yaml")[0]


def test_files_are_relative_to_the_file_that_names_them(files):
    files(
        worlds__base="world: {states: {csv: states.csv}}\n",
        policies__offsets="states: {Noor: {offset_rate: 30%}}\n",
        runs__child="extends: ../worlds/base.yaml\n"
        "policy: {include: [../policies/offsets.yaml], firms: {A: {x: 1}}}\n",
    )
    composed = resolve(Path("runs/child.yaml"))
    assert composed.data["policy"] == {
        "states": {"Noor": {"offset_rate": "30%"}}, "firms": {"A": {"x": 1}},
    }  # fmt: skip
    rate = composed.places.at(("policy", "states", "Noor", "offset_rate"), key=True)
    assert rate == Position("policies/offsets.yaml", 1, 17)
    path = ("world", "states", "csv")
    assert composed.beside(path, "states.csv").resolve() == Path("worlds/states.csv").resolve()
    assert [given.file for given in composed.inputs] == [
        "runs/child.yaml", "policies/offsets.yaml", "worlds/base.yaml",
    ]  # fmt: skip


def test_own_policy_overrides_modules_and_both_override_the_parent(files):
    files(
        parent="policy: {include: [one.yaml], states: {Noor: {a: parent, b: parent, c: parent}}}\n",
        one="states: {Noor: {d: one, a: one}}\n",
        two="states: {Noor: {a: two, b: two}}\n",
        three="states: {Noor: {e: three}}\n",
        child="extends: parent.yaml\npolicy: {include: [two.yaml, three.yaml], states: {Noor: {a: child}}}\n",
    )
    assert resolve(Path("child.yaml")).data["policy"]["states"]["Noor"] == {
        "a": "child", "b": "two", "c": "parent", "d": "one", "e": "three",
    }  # fmt: skip


def test_two_modules_that_set_the_same_value_clash(files):
    files(
        one="states:\n  Noor: {rate: 1, dated: {2027: 1}, free: 1}\n  West:\nfirms:\n",
        two="states:\n  Noor: {rate: 1, dated: {2030: 2}}\n  West: {rate: 2}\nfirms: {A: {x: 1}}\n",
        child="policy:\n  include: [one.yaml, two.yaml]\n  states: {Noor: {rate: 3}}\n",
    )
    assert report("child.yaml") == (
        "2 problems in two.yaml\n"
        "two.yaml:2:16: policy.states.Noor.rate: two included modules set this; the other stands "
        "at one.yaml:2:16\n"
        "    Noor: {rate: 1, dated: {2030: 2}}\n"
        "                 ^\n"
        "two.yaml:2:26: policy.states.Noor.dated: two included modules set this; the other stands "
        "at one.yaml:2:26\n"
        "    Noor: {rate: 1, dated: {2030: 2}}\n"
        "                           ^"
    )


def test_a_value_and_a_mapping_clash_too(files):
    files(one="states: {Noor: 5}\n", two="states: {Noor: {rate: 1}}\n")
    files(child="policy: {include: [one.yaml, two.yaml]}\n")
    assert firsts("child.yaml") == [
        "two.yaml:1:16: policy.states.Noor: two included modules set this; the other stands at one.yaml:1:16"
    ]


def test_a_circle_is_named(files):
    files(a="extends: b.yaml\n", b="title: x\nextends: c.yaml\n", c="extends: ./b.yaml\n")
    files(own="extends: own.yaml\n")
    assert report("a.yaml") == (
        "1 problem in c.yaml\n"
        "c.yaml:1:10: extends: the scenarios extend each other in a circle: "
        "b.yaml → c.yaml → b.yaml\n"
        "    extends: ./b.yaml\n"
        "             ^"
    )
    assert firsts("own.yaml") == [
        "own.yaml:1:10: extends: the scenarios extend each other in a circle: own.yaml → own.yaml"
    ]


def test_a_chain_is_bounded(files):
    files(**{f"s{n}": f"extends: s{n + 1}.yaml\n" for n in range(16)}, s16="title: last\n")
    assert resolve(Path("s1.yaml")).data == {"title": "last"}
    assert firsts("s0.yaml") == ["s15.yaml:1:10: extends: more than 16 scenarios extend each other"]


def test_missing_files_are_located_where_they_are_named(files):
    files(
        baseline="title: x\n",
        child="extends: basline.yaml\npolicy:\n  include:\n    - elsewhere.yaml\n    - ''\n",
        nul='extends: "a\\0b"\n',
    )
    assert report("child.yaml") == (
        "3 problems in child.yaml\n"
        "child.yaml:1:10: no such file: basline.yaml\n"
        "    extends: basline.yaml\n"
        "             ^\n"
        "    did you mean baseline.yaml?\n"
        "child.yaml:4:7: no such file: elsewhere.yaml\n"
        "    - elsewhere.yaml\n"
        "      ^\n"
        "child.yaml:5:7: policy.include[1]: this must be the name of one file, relative to this "
        "file\n"
        "    - ''\n"
        "      ^\n"
        "    found empty text"
    )
    assert firsts("nul.yaml") == ["nul.yaml:1:10: a file name cannot hold the character U+0000"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("extends: [a.yaml, b.yaml]\n",
         "1:10: extends: this must be the name of one file, relative to this file"),
        ("extends: 5\n", "1:10: extends: this must be the name of one file, relative to this file"),
        ("policy: {include: one.yaml}\n", "1:19: policy.include: this must be a list of at most "
         "64 files, such as [offsets.yaml]"),
        ("policy: {include: [one.yaml, ./one.yaml]}\n",
         "1:30: policy.include[1]: this module is included twice"),
    ],
)  # fmt: skip
def test_what_extends_and_include_must_be(files, content, fault):
    files(one="states: {}\n", child=content)
    assert firsts("child.yaml") == [f"child.yaml:{fault}"]


def test_what_a_module_must_not_hold(files):
    files(
        one="include: [x.yaml]\nextends: y.yaml\npolicy: {states: {}}\n",
        child="policy: {include: [one.yaml]}\n",
    )
    assert firsts("child.yaml") == [
        "one.yaml:1:1: include: a module cannot include others; list them in the scenario",
        "one.yaml:2:1: extends: a module cannot extend another; list both in the scenario's policy.include",
        "one.yaml:3:1: policy: a module holds what stands under policy:; leave this heading out",
    ]


def test_faults_of_all_files_come_at_once(files):
    files(
        child="extends: parent.yaml\npolicy: {include: [one.yaml]}\na: 1\na: 2\n",
        parent="b: 1\nb: 2\n",
        one="\tx: 1\n",
    )
    assert report("child.yaml").startswith("3 problems in 3 files\nchild.yaml:4:1: a: this key")


def test_another_price_year_is_refused(files):
    files(
        parent="price_year: 2024\n",
        child="extends: parent.yaml\nprice_year: 2020\n",
        same="extends: parent.yaml\nprice_year: 2024\n",
        silent="extends: parent.yaml\n",
    )
    assert report("child.yaml") == (
        "1 problem in child.yaml\n"
        "child.yaml:2:13: price_year: the parent has another price year, at parent.yaml:1:13\n"
        "    price_year: 2020\n"
        "                ^\n"
        "    found 2020; allowed: 2024"
    )
    assert resolve(Path("same.yaml")).data == resolve(Path("silent.yaml")).data


def test_odd_shapes_are_left_to_the_schema(files):
    files(child="policy: 5\n", empty="policy: {include: }\n", other="policy: {include: []}\n")
    assert resolve(Path("child.yaml")).data == {"policy": 5}
    assert resolve(Path("empty.yaml")).data == {"policy": {}}
    assert resolve(Path("other.yaml")).data == {"policy": {}}
