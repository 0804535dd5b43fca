"""What a process that reads hostile files gives up, for good: memory, time, files, network, other programs.

Limits hold on every system. On Linux (x86-64, arm64) a seccomp filter also refuses, by the kernel, the calls that
open a file, a socket or a program: only the pipes already open remain. Linux: prctl(2), seccomp(2); no library.
"""

import ctypes
import platform
import resource
import struct
import sys

MEMOIRE = (
    1536 * 1024 * 1024
)  # bytes of address space: the heaviest file shown, its largest page, and the library
SECONDES = 15  # of processor time for one piece of work

# Numbers of the calls refused, from the kernel's tables.
_X86_64 = {
    "open": 2, "socket": 41, "connect": 42, "bind": 49, "listen": 50, "clone": 56, "fork": 57, "vfork": 58,
    "execve": 59, "kill": 62, "rename": 82, "mkdir": 83, "creat": 85, "link": 86, "unlink": 87, "symlink": 88,
    "chmod": 90, "ptrace": 101, "mount": 165, "openat": 257, "unlinkat": 263, "renameat": 264, "unshare": 272,
    "process_vm_readv": 310, "process_vm_writev": 311, "renameat2": 316, "bpf": 321, "execveat": 322,
    "io_uring_setup": 425, "pidfd_open": 434, "clone3": 435, "openat2": 437,
}  # fmt: skip
_ARM64 = {
    "unlinkat": 35, "symlinkat": 36, "renameat": 38, "mount": 40, "openat": 56, "unshare": 97, "ptrace": 117,
    "kill": 129, "socket": 198, "bind": 200, "listen": 201, "connect": 203, "clone": 220, "execve": 221,
    "process_vm_readv": 270, "process_vm_writev": 271, "renameat2": 276, "bpf": 280, "execveat": 281,
    "io_uring_setup": 425, "pidfd_open": 434, "clone3": 435, "openat2": 437,
}  # fmt: skip
_ARCHITECTURES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _ARM64)}

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # instructions of the filter (bpf_common.h)
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 1  # refused calls fail with EPERM
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER, _SET_DUMPABLE = 38, 22, 2, 4


def confine() -> bool:
    """Give everything up; return whether the kernel's filter stands (False where there is none)."""
    limits = {
        resource.RLIMIT_AS: MEMOIRE,
        resource.RLIMIT_FSIZE: 0,  # writes nothing to a disk
        resource.RLIMIT_CORE: 0,  # leaves no image of a document behind
    }
    for limit, value in limits.items():
        _lower(limit, value)
    return _filter() if sys.platform == "linux" else False


def count_time() -> None:
    """Grant ``SECONDES`` of processor time from now on; beyond, the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    granted = int(used.ru_utime + used.ru_stime) + SECONDES
    resource.setrlimit(resource.RLIMIT_CPU, (granted, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _lower(limit: int, value: int) -> None:
    try:
        resource.setrlimit(limit, (value, value))
    except (OSError, ValueError):  # a system that has not this limit
        return


def _instruction(code: int, value: int, jump_true: int = 0, jump_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, jump_true, jump_false, value)


def _program(architecture: int, calls: dict[str, int]) -> bytes:
    """Return the filter: another architecture's calls kill, those of ``calls`` fail, the others pass."""
    numbers = sorted(calls.values())
    lines = [
        _instruction(_LOAD, 4),  # seccomp_data.arch
        _instruction(_EQUAL, architecture, 1, 0),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, 0),  # seccomp_data.nr
        _instruction(_AT_LEAST, 0x40000000, len(numbers) + 1, 0),  # x32: the same calls under other numbers
    ]
    for rank, number in enumerate(numbers):
        lines.append(_instruction(_EQUAL, number, len(numbers) - rank, 0))
    lines += [_instruction(_RETURN, _ALLOW), _instruction(_RETURN, _REFUSE)]
    return b"".join(lines)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))


def _filter() -> bool:
    found = _ARCHITECTURES.get(platform.machine())
    if found is None:
        return False
    lines = _program(*found)
    code = ctypes.create_string_buffer(lines, len(lines))
    program = _Program(len(lines) // 8, ctypes.cast(code, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return int(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)) == 0
