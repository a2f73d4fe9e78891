"""What has to be true of a function that was built."""

import io
import json
import os
import re
import struct
import subprocess
import zipfile
from pathlib import Path

import runtime_api

# ELF's numbers for them.
MACHINES = {"x86_64": 62, "arm64": 183}
# What they take today, and a little more, so that growth is noticed. The goal is 4 MiB: docs/performance.md says what stands in
# between.
ZIP_LIMIT = 15 * 512 * 1024
# Amazon Linux 2023 has this one; a binary that wants a newer one does not start.
C_LIBRARY = (2, 34)


def functions(tools: Path, template: Path) -> dict[str, str]:
    """The functions of a template that was built by their Binary: their logical ids by binary."""
    read = "import json, sys; from samcli.yamlhelper import parse_yaml_file; print(json.dumps(parse_yaml_file(sys.argv[1])))"
    answer = subprocess.run([tools / "python", "-c", read, template], check=True, capture_output=True, text=True)
    resources = json.loads(answer.stdout)["Resources"]
    return {
        resource["Metadata"]["BuildProperties"]["Binary"]: name
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def problems(binary: str, folder: Path, architecture: str) -> list[str]:
    """What is wrong with what lies in a folder; it is told on the way what is there."""
    found = sorted(path.name for path in folder.iterdir())
    if found != ["bootstrap"]:
        return [f"{binary}: {folder} holds {', '.join(found) or 'nothing'}, where bootstrap alone is wanted"]
    bootstrap = folder / "bootstrap"
    content = bootstrap.read_bytes()
    zipped = zip_size(bootstrap)
    print(f"{binary}: {len(content):,} bytes, {zipped:,} zipped")
    wrong = []
    if not os.access(bootstrap, os.X_OK):
        wrong.append("is not executable")
    if content[:5] != b"\x7fELF\x02" or struct.unpack_from("<H", content, 18) != (MACHINES[architecture],):
        wrong.append(f"is no program for {architecture}")
    if zipped > ZIP_LIMIT:
        wrong.append(f"takes {zipped:,} bytes zipped; {ZIP_LIMIT:,} are the limit")
    if (wanted := c_library(content)) > C_LIBRARY:
        wrong.append(f"wants the C library {wanted[0]}.{wanted[1]}; Lambda has {C_LIBRARY[0]}.{C_LIBRARY[1]}")
    if architecture == os.uname().machine and not runtime_api.first_error(bootstrap):
        wrong.append("does not refuse an event that it cannot understand")
    return [f"{binary} {problem}" for problem in wrong]


def zip_size(bootstrap: Path) -> int:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.write(bootstrap, bootstrap.name)
    return len(archive.getvalue())


def c_library(content: bytes) -> tuple[int, int]:
    """The newest version of the C library that a binary asks for."""
    versions = re.findall(rb"GLIBC_(\d+)\.(\d+)", content)
    return max(((int(major), int(minor)) for major, minor in versions), default=(0, 0))
