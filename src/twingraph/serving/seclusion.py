"""Takes away from a process what an answer to a query never needs: other servers, and files to write.

Defence in depth: queries that would call other servers are refused by their text before a worker sees them.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

__all__ = ["seclude"]

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_ALLOW, _ERRNO_EACCES = 0x7FFF0000, 0x00050000 | 13
#: Machine → its number for seccomp (AUDIT_ARCH) and those of its calls socket, connect, sendto, bind (Linux's
#: tables of system calls: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h).
_CALLS = {"x86_64": (0xC000003E, (41, 42, 44, 49)), "aarch64": (0xC00000B7, (198, 203, 206, 200))}


def seclude(*, network: bool = False) -> bool:
    """Keep this process from writing files for good, and from opening sockets where the system can enforce that.

    Args:
        network: whether it may call other servers all the same.

    Returns:
        Whether sockets are denied: on Linux, on the machines that are known here.
    """
    import resource

    # Pipes are no files; answers pass.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    known = _CALLS.get(platform.machine()) if sys.platform == "linux" else None
    if network or known is None:
        return False
    architecture, calls = known
    jumps = len(calls)
    program = [_step(0x20, 0, 0, 4), _step(0x15, 1, 0, architecture), _step(0x06, 0, 0, _ALLOW), _step(0x20, 0, 0, 0)]
    program += [_step(0x15, jumps - number, 0, call) for number, call in enumerate(calls)]
    program += [_step(0x06, 0, 0, _ALLOW), _step(0x06, 0, 0, _ERRNO_EACCES)]
    code = ctypes.create_string_buffer(b"".join(program))

    class _Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    described = _Program(len(program), ctypes.cast(code, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0) == 0)


def _step(code: int, if_true: int, if_false: int, value: int) -> bytes:
    """Return one instruction of a packet filter, as Linux takes them (linux/filter.h)."""
    return struct.pack("HBBI", code, if_true, if_false, value)
