"""Where runs are played: here, in processes of this machine, or on a live dask cluster.

Every engine gives the same outcomes, as they come. Few tasks are under way at a time and no outcome
is kept, so memory does not grow with their number. Workers have one BLAS thread each.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from socket import create_connection
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any

from deftrade.errors import ExperimentError
from deftrade.experiments.batch.replicate import play_task

if TYPE_CHECKING:
    from deftrade.experiments.batch.execution import Execution
    from deftrade.experiments.batch.replicate import Key, Outcome, Task

DEATHS = 3
"""How often the worker of one task may die before the task counts as failed."""

AHEAD = 2
"""Tasks under way for each worker: one being played and one waiting."""

_PATIENCE = 10.0
_GLANCE = 1.0


def run_tasks(tasks: Iterable[Task], execution: Execution) -> Generator[Outcome, None, None]:
    """Play tasks and yield their outcomes as they come.

    Parameters
    ----------
    tasks : iterable of Task
        What to play.
    execution : Execution
        On which engine.

    Raises
    ------
    ExperimentError
        The engine's packages are missing, or its scheduler does not answer.
    """
    count = execution.workers or available_cores()
    if execution.engine == "dask":
        yield from _on_dask(tasks, str(execution.scheduler))
    elif execution.engine == "serial" or count == 1:
        yield from map(play_task, tasks)
    else:
        yield from _in_processes(tasks, count)


def check_engine(execution: Execution) -> None:
    """Check that an engine can be used, before anything is written for it.

    Raises
    ------
    ExperimentError
        Its packages are missing, or its scheduler does not answer.
    """
    if execution.engine == "dask":
        with _told_of(str(execution.scheduler)):
            _knock(str(execution.scheduler))


def available_cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_processes(tasks: Iterable[Task], workers: int) -> Iterator[Outcome]:
    """Play tasks in processes that are kept for the next batch.

    A process that dies takes the whole pool along, and nobody can tell whose it was: what was under
    way is then played again one at a time, so that a task that kills its worker is found out.
    """
    from joblib.externals.loky.process_executor import BrokenProcessPool

    left = iter(tasks)
    under_way: dict[Key, Task] = {}
    while True:
        try:
            for outcome in _pooled(_noted(left, under_way), workers):
                del under_way[outcome.key]
                yield outcome
        except BrokenProcessPool:
            suspects = list(under_way.values())
            under_way.clear()
            yield from (_alone(task) for task in suspects)
        else:
            return


def _pooled(tasks: Iterable[Task], workers: int) -> Iterator[Outcome]:
    """Yield outcomes of a pool of processes."""
    from joblib import Parallel, delayed, parallel_config

    with _interrupts_held(), parallel_config(backend="loky", n_jobs=workers, inner_max_num_threads=1):
        pool = Parallel(
            return_as="generator_unordered", batch_size=1, pre_dispatch=AHEAD * workers, max_nbytes=None
        )
        outcomes = pool(delayed(_play_beside)(task, os.getpid()) for task in tasks)
    try:
        yield from outcomes
    finally:
        outcomes.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back, here until the end and for good in processes and threads started meanwhile.

    A terminal sends an interrupt to the workers too; they would print their own tracebacks, while the
    process that started them ends them anyway. The standard library's tracker of shared resources comes
    first, as its start lets interrupts through again.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _play_beside(task: Task, parent: int) -> Outcome:
    """Play a task in a process of its own, which ends when the one that started it is gone."""
    _leave_with(parent)
    return play_task(task)


@cache
def _leave_with(parent: int) -> None:
    """Watch, from now on, whether the parent is there; a killed one cannot say goodbye."""

    def watch() -> None:
        while os.getppid() == parent:
            sleep(_GLANCE)
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _noted(tasks: Iterator[Task], under_way: dict[Key, Task]) -> Iterator[Task]:
    """Yield tasks after noting each as under way."""
    for task in tasks:
        under_way[task.key] = task
        yield task


def _alone(task: Task) -> Outcome:
    """Play a task whose worker may have died of it with no other beside it."""
    from joblib.externals.loky.process_executor import BrokenProcessPool

    for _ in range(DEATHS - 1):
        try:
            return next(_pooled([task], 2))
        except BrokenProcessPool:
            continue
    return task.failed(f"The process that played this run died {DEATHS} times; out of memory, or killed.\n")


def _on_dask(tasks: Iterable[Task], scheduler: str) -> Iterator[Outcome]:
    """Play tasks on the workers of a dask scheduler; what dies with a worker goes to another one.

    The client's own futures are used, as joblib's backend never hears of a task given up by dask.
    """
    client, as_completed = _dask(scheduler)
    left = iter(tasks)
    try:
        under_way: dict[Any, Task] = {}
        done = as_completed(loop=client.loop)
        _submit(client, left, under_way, done.add)
        while under_way:
            future = next(done)
            task = under_way.pop(future)
            yield _result(future, task)
            future.release()
            _submit(client, left, under_way, done.add)
    finally:
        client.close()


def _dask(scheduler: str) -> tuple[Any, Any]:
    """Return a client of a scheduler, and dask's iterator over futures as they complete."""
    with _told_of(scheduler):
        import distributed

        _knock(scheduler)
        client: Any = distributed.Client  # untyped
        return client(scheduler, timeout=_PATIENCE, set_as_default=False), distributed.as_completed


@contextmanager
def _told_of(scheduler: str) -> Iterator[None]:
    """Say in our words that dask is missing, or its scheduler does not answer."""
    try:
        yield
    except ImportError as error:
        raise ExperimentError('engine dask needs: pip install "deftrade[cluster]"') from error
    except (OSError, ValueError) as error:
        raise ExperimentError(f"no dask scheduler answers at {scheduler}: {error}") from error


def _knock(scheduler: str) -> None:
    """Check that something listens at an address before a client is made for it.

    A client that found nobody is closed whenever memory is tidied, and blocks for good where that
    happens while another client starts.
    """
    from distributed.comm.addressing import get_address_host_port

    create_connection(get_address_host_port(scheduler), _PATIENCE).close()


def _submit(
    client: Any, left: Iterator[Task], under_way: dict[Any, Task], add: Callable[[Any], None]
) -> None:
    """Hand out tasks until every worker there is now has one and the next."""
    room = max(AHEAD * sum(client.ncores().values()), AHEAD) - len(under_way)
    for _, task in zip(range(room), left, strict=False):
        key = f"deftrade-{task.key.cell}-{task.key.run}-{task.root}"
        future = client.submit(play_task, task, key=key, pure=False)
        under_way[future] = task
        add(future)


def _result(future: Any, task: Task) -> Outcome:
    """Return the outcome of a future; one that dask gave up, as its workers died, is a failed run.

    Raises
    ------
    ExperimentError
        The cluster is gone.
    """
    from distributed import KilledWorker

    if future.status == "finished":
        return future.result()
    error = future.exception() if future.status == "error" else None
    if isinstance(error, KilledWorker):
        return task.failed(f"Its workers died, out of memory or killed: {error}\n")
    raise ExperimentError(f"the dask cluster gave up ({future.status}: {error}); --resume goes on")
