"""Negative controls: with a wall taken down the matching attack succeeds, so the corpus can fail.

A wall that cannot be taken down here fails its test, and so does one that nobody misses.
"""

import pytest

#: walls taken down, attack, and the kind of fault that must show
CONTROLS = (
    ("seccomp", "memfd_hoard", "outcome"),
    ("seccomp", "sysv_shm_hoard", "outcome"),
    ("seccomp", "udp_raw_vsock", "pwned"),
    ("seccomp", "cpu_all_cores", "pwned"),
    ("seccomp", "state_in_priority", "pwned"),
    ("seccomp", "kernel_doors", "pwned"),
    ("seccomp + no user namespaces", "namespaces_mount", "pwned"),
    ("seccomp + network", "network_connect", "heard"),
    ("guard", "kill_parent", "outcome"),
    ("not dumpable", "proc_mem_pid1", "pwned"),
    ("not dumpable", "proc_of_worker", "pwned"),
    ("home", "walk_for_secrets", "leak"),
    ("system files", "read_etc_passwd", "outcome"),
    ("environment", "environment", "leak"),
    ("memory watch + control group", "memory_many_processes", "outcome"),
    ("files watch", "inode_flood", "outcome"),
    ("process limit + control group", "too_many_processes", "pwned"),
    ("sweep", "daemon_survivor", "pwned"),
    ("wipe", "cache_between_calls", "pwned"),
    ("traces", "state_in_pipe_flags", "pwned"),
    ("descriptors", "inherited_descriptors", "pwned"),
    ("descriptors", "forge_with_the_nonce", "outcome"),
    ("descriptors + nonce", "forge_frame_without_nonce", "outcome"),
    ("strict arrays", "forge_pickle", "changed"),
    ("each block once", "forge_repeated_blocks", "growth"),
    ("clean text", "exception_escape_codes", "unsafe"),
    ("grader's end", "(the grader is killed)", "survivor"),
)

#: A sandbox of root's has a user of its own besides, who owns nothing in it.
USERS_CONTROLS = (
    ("read-only root", "tmpfs_root_fill", "pwned"),
    ("read-only root", "write_everywhere", "pwned"),
    ("process 1", "proc_mem_pid1", "pwned"),
)

#: Where there are no namespaces.
REDUCED_CONTROLS = (("Landlock", "read_etc_passwd", "outcome"),)

#: Two walls stand behind each other here: with one of them down the attack is still held.
SECOND_WALLS = (
    ("descriptors", "forge_frame_without_nonce"),
    ("control group", "memory_many_processes"),
    ("no user namespaces", "namespaces_mount"),
    ("network", "network_connect"),
)


def trials(rows, kinds=("root", "user"), rung="auto"):
    return [
        pytest.param((kind, rung, attack, tuple(walls.split(" + "))), *fault, id=f"{kind}-{walls}-{attack}")
        for walls, attack, *fault in rows
        for kind in kinds
    ]


@pytest.mark.parametrize(
    ("trial", "fault"),
    trials(CONTROLS) + trials(USERS_CONTROLS, ["user"]) + trials(REDUCED_CONTROLS, ["root"], "reduced"),
)
def test_a_missing_wall_is_noticed(trial, fault, report):
    assert fault in [kind for kind, _ in report(trial)["faults"]]


@pytest.mark.parametrize(
    "trial", trials(SECOND_WALLS) + trials([control[:2] for control in USERS_CONTROLS], ["root"])
)
def test_the_second_wall_holds(trial, report):
    assert report(trial)["faults"] == []
