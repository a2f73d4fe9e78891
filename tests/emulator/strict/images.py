"""What an image is, where a test says so: its architecture, the programs in it, and whether it writes to its own files.

A container whose task definition does not fit its image ends as it starts, and its task with it: a binary of another
architecture ("exec format error"), a command that is not in the image ("executable file not found in $PATH"), a program that
writes to a root file system which is read-only. Images that nobody tells of run.
"""

from typing import Any

_images: dict[str, dict[str, Any]] = {}


def tell(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """`{"image": …, "architecture": "ARM64", "programs": ["node"], "writes": true}`."""
    if set(body) != {"image", "architecture", "programs", "writes"} or body["architecture"] not in ("ARM64", "X86_64"):
        raise ValueError("an image has image, architecture (ARM64 or X86_64), programs and writes")
    _images[body["image"]] = body
    return _images


def misfit(definition: Any) -> str | None:
    """Why a container of a task definition ends as it starts; none if all run."""
    # "The default is X86_64": RuntimePlatform.
    wanted = (definition.runtime_platform or {}).get("cpuArchitecture") or "X86_64"
    for container in definition.container_definitions:
        image = _images.get(container.get("image", ""))
        if image is None:
            continue
        if image["architecture"] != wanted:
            return "Essential container in task exited: exec format error"
        command = container.get("entryPoint") or container.get("command")
        if command and command[0] not in image["programs"]:
            return f'CannotStartContainerError: exec: "{command[0]}": executable file not found in $PATH'
        if image["writes"] and container.get("readonlyRootFilesystem"):
            return "Essential container in task exited: read-only file system"
    return None
