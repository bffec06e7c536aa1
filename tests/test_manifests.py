"""One builder of manifests: each kind says what its layout names, in that order, and nothing else."""

import pytest

from deftrade.files import manifests
from deftrade.files.check import Check
from deftrade.files.hashing import code_digest, file_hash

GIVEN = {
    "deftrade_output",
    "deftrade",
    "code",
    "commit",
    "command",
    "inputs",
    "files",
    "versions",
    "platform",
}


def facts(kind):
    return {key: key for key in reversed(manifests.LAYOUTS[kind]) if key not in GIVEN}


@pytest.mark.parametrize("kind", manifests.LAYOUTS)
def test_a_manifest_has_the_order_of_its_layout(kind, tmp_path):
    (tmp_path / "table.csv").write_text("1\n", encoding="utf-8")
    origin = manifests.Origin.now({tmp_path / "in.yaml": "0" * 64}, ["deftrade", "run"])
    data = manifests.build(kind, origin, facts(kind), tmp_path)
    assert tuple(data) == manifests.LAYOUTS[kind]
    assert data["code"] == code_digest()
    assert data["command"] == ["deftrade", "run"]
    assert data["inputs"] == {(tmp_path / "in.yaml").as_posix(): "0" * 64}
    if "files" in data:
        assert data["files"] == {"table.csv": file_hash(tmp_path / "table.csv")}


@pytest.mark.parametrize("kind", manifests.LAYOUTS)
def test_a_fact_that_is_missing_or_strange_is_refused(kind):
    right = facts(kind)
    few = {key: right[key] for key in list(right)[1:]}
    for wrong in (few, {**right, "mood": 1}):
        with pytest.raises(ValueError, match=f"manifest of a {kind} needs"):
            manifests.build(kind, manifests.Origin(""), wrong)


def test_an_old_plan_without_its_origin_is_read():
    assert manifests.Origin.of({"code": "0", "name": "old"}) == manifests.Origin("0", "", [], {})


def test_what_is_amended_vouches_for_the_new_files_alone(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    asked = {"design": "lhs", "runs": 1}
    own = {"kind": "sweep", "experiment": asked, "batch": {"name": "b", "digest": "0"}}
    data = manifests.build("answer", manifests.Origin(""), own) | {"files": {"old": "0" * 64}}
    manifests.write(data, tmp_path)
    manifests.amend(tmp_path, ["new"], {"answer": 1})
    found = manifests.read(tmp_path)
    assert found["answer"] == 1
    assert manifests.damages(tmp_path, found) == ["old was changed"]


def test_a_check_tells_what_was_run_again(tmp_path):
    run, batch = Check(tmp_path, 3, [], tables=2), Check(tmp_path, 3, [], runs=[("small", 4)])
    assert run.to_dict()["tables_rerun"] == 2
    assert batch.to_dict()["runs_rerun"] == [{"cell": "small", "run": 4}]
    assert run.again() == "run again, all 2 tables have the same values"
    assert batch.again() == "run again, 1 of its runs have the same values"
    assert Check(tmp_path, 3, []).again() == Check(tmp_path, 3, [], runs=[]).again() == ""
    assert not Check(tmp_path, 3, [], ["the world differs"]).is_sound
