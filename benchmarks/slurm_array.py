"""A batch as an array job on a real SLURM, merged, against the same batch in one piece.

Starts a cluster of one node on this machine, apart from any other (ports, key and folders of its
own), submits one array job whose tasks are shards, merges them and compares hashes of values. Needs
root and Debian's packages slurmctld, slurmd, slurm-client and munge; exits with 77 and the reason
where they are missing.

    python benchmarks/slurm_array.py [--runs 8] [--shards 4] [--years 1] [--scenario FILE]
"""

import argparse
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PROGRAMS = ("slurmctld", "slurmd", "munged", "sbatch", "sinfo", "scontrol")
CANNOT = 77
PATIENCE = 60.0

CONFIGURATION = """\
ClusterName=oneself
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
SlurmctldPort={controller}
SlurmdPort={daemon}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""

JOB = """\
#!/bin/bash
#SBATCH --array=1-{shards}
#SBATCH --cpus-per-task=1
#SBATCH --output={folder}/job-%a.log
exec {python} -m deftrade ensemble {scenario} --runs {runs} --years {years} --out {out} --quiet \\
    --engine serial --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
"""


def why_not():
    """Return why no cluster can be started here; empty if it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "SLURM's daemons need root"
    missing = [name for name in PROGRAMS if shutil.which(name, path=with_system(os.environ["PATH"])) is None]
    return f"not installed: {', '.join(missing)}" if missing else ""


def with_system(path):
    return os.pathsep.join([path, "/usr/sbin", "/sbin"])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def cluster(folder):
    """Start key service, controller and node; give the environment of its commands; stop all three."""
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(128))
    configuration = folder / "slurm.conf"
    configuration.write_text(
        CONFIGURATION.format(
            host=socket.gethostname().split(".")[0],
            folder=folder,
            controller=free_port(),
            daemon=free_port(),
            cores=os.cpu_count(),
        ),
        encoding="utf-8",
    )
    environment = {
        **os.environ,
        "PATH": with_system(os.environ["PATH"]),
        "SLURM_CONF": str(configuration),
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")]),
    }
    munged = ["munged", "--foreground", "--force", f"--key-file={key}"]
    munged += [
        f"--{name}-file={folder}/munge.{name}" for name in ("pid", "log", "seed")
    ]  # fmt: skip
    started = []
    try:
        for command in (
            [*munged, f"--socket={folder}/munge.socket"],
            ["slurmctld", "-D", "-c", "-f", str(configuration)],
            ["slurmd", "-D", "-f", str(configuration)],
        ):
            log = (folder / f"{command[0]}.out").open("wb")
            started.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
            log.close()
            time.sleep(0.5)
        wait_for_node(environment, folder)
        yield environment
    finally:
        for process in reversed(started):
            process.terminate()
        for process in reversed(started):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for_node(environment, folder):
    """Return when the node takes jobs."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        asked = subprocess.run(
            ["sinfo", "--noheader", "--format=%T"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.stdout.strip() == "idle":
            return
        time.sleep(0.3)
    logs = "\n".join(path.read_text(errors="replace")[-1500:] for path in sorted(folder.glob("*.log")))
    raise SystemExit(f"the node took no jobs within {PATIENCE:g} s: {asked.stdout}{asked.stderr}\n{logs}")


def deftrade(environment, *arguments):
    subprocess.run([sys.executable, "-m", "deftrade", *map(str, arguments)], env=environment, check=True)


def content(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["content"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--scenario", default=str(REPOSITORY / "scenarios" / "crescent_cooperation.yaml"))
    asked = parser.parse_args()
    if reason := why_not():
        print(reason)
        raise SystemExit(CANNOT)
    with tempfile.TemporaryDirectory(prefix="deftrade-slurm-") as name:
        folder = Path(name)
        out = folder / "out"
        script = folder / "job.sh"
        script.write_text(
            JOB.format(
                shards=asked.shards,
                folder=folder,
                python=sys.executable,
                scenario=asked.scenario,
                runs=asked.runs,
                years=asked.years,
                out=out,
            ),
            encoding="utf-8",
        )
        with cluster(folder) as environment:
            began = time.perf_counter()
            done = subprocess.run(["sbatch", "--wait", str(script)], env=environment, check=False)
            seconds = time.perf_counter() - began
        if done.returncode:
            print(*(path.read_text() for path in sorted(folder.glob("job-*.log"))))
            raise SystemExit(f"the job ended with {done.returncode}")
        deftrade(environment, "merge", *sorted(out.iterdir()), "--into", folder / "merged", "--quiet")
        deftrade(
            environment, "ensemble", asked.scenario, "--runs", asked.runs, "--years", asked.years,
            "--out", folder / "whole", "--quiet",
        )  # fmt: skip
        merged, (whole,) = content(folder / "merged"), map(content, (folder / "whole").iterdir())
    print(f"{asked.shards} shards of {asked.runs} runs on SLURM in {seconds:.1f} s")
    for table, digest in whole.items():
        verdict = "same" if merged[table] == digest else "DIFFERS"
        print(f"{table:12} {digest[:16]} {merged[table][:16]} {verdict}")
    raise SystemExit(merged != whole)


if __name__ == "__main__":
    main()
