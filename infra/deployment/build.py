"""Functions and web files: built, looked at, and packed so that the same content is the same file."""

import hashlib
import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import ROOT, Stop, TEMPLATE, step

BUILT = ROOT / "target" / "lambda"
WEB = ROOT / "web" / "dist"
TARGETS = {"arm64": "aarch64-unknown-linux-gnu", "x86_64": "x86_64-unknown-linux-gnu"}
# ELF's e_machine.
MACHINES = {0xB7: "arm64", 0x3E: "x86_64"}
# Amazon Linux 2023 has this version of glibc.
GLIBC = (2, 34)
# What a zip may weigh at most: all of it is loaded at each cold start, and for `message` somebody waits.
MOST_BYTES = {"message": 4_000_000}
# The oldest time that a zip can say, so that the same content is the same zip.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
EXECUTABLE, READABLE = 0o755 << 16, 0o644 << 16
CODE_URI = re.compile(r"CodeUri: \.\./target/lambda/(\w+)/")


@dataclass(frozen=True)
class Packed:
    """A zip, and its name by what it holds."""

    name: str
    data: bytes

    @property
    def sum(self) -> str:
        return hashlib.sha256(self.data).hexdigest()[:16]


def functions() -> list[str]:
    """Those that the template names."""
    return CODE_URI.findall(TEMPLATE.read_text())


def need(tool: str, how: str) -> None:
    if not shutil.which(tool):
        raise Stop(f"{tool} is missing.", f"{how}, then run the same again")


def build(architecture: str, with_web: bool) -> None:
    need("cargo", "install Rust from https://rustup.rs")
    need("cargo-lambda", "delete .tools/deploy/requirements.txt so that infra/deploy installs it")
    need_target(TARGETS[architecture])
    step(f"building the functions for {architecture}")
    binaries = [word for name in functions() for word in ("--bin", name)]
    flag = "--arm64" if architecture == "arm64" else "--x86-64"
    command = ["cargo", "lambda", "build", "--release", "--locked", flag, "--lambda-dir", str(BUILT), *binaries]
    if subprocess.run(command, cwd=ROOT).returncode:
        raise Stop("The functions could not be built; the reason stands above.", "mend it, then run the same again")
    if with_web:
        need("npm", "install Node.js 20.19 or later with npm")
        step("building the browser parts")
        if subprocess.run([ROOT / "web" / "build"]).returncode:
            raise Stop("The browser parts could not be built; the reason stands above.", "mend it, or leave them out: --no-cdn")


def need_target(target: str) -> None:
    """Rust's own library for the target; without rustup it is for the distribution to know."""
    if not shutil.which("rustup"):
        return
    listed = subprocess.run(["rustup", "target", "list", "--installed"], capture_output=True, text=True, cwd=ROOT)
    if listed.returncode == 0 and target not in listed.stdout.split():
        raise Stop(f"Rust cannot build for {target} yet.", f"rustup target add {target}, then run the same again")


def pack_functions(architecture: str, on_aws: bool) -> list[Packed]:
    return [pack_function(name, architecture, on_aws) for name in functions()]


def pack_function(name: str, architecture: str, on_aws: bool) -> Packed:
    path = BUILT / name / "bootstrap"
    if not path.is_file():
        raise Stop(f"{path} is not there.", "run the same without --skip-build")
    data = path.read_bytes()
    check(name, data, architecture, on_aws)
    return Packed(name, zipped({"bootstrap": data}, EXECUTABLE))


def check(name: str, data: bytes, architecture: str, on_aws: bool) -> None:
    """Stops where Lambda could not start the file: it would say so at the first call only."""
    machine = MACHINES.get(int.from_bytes(data[18:20], "little")) if data[:4] == b"\x7fELF" else None
    if machine != architecture:
        raise Stop(
            f"The function {name} is built for {machine or 'something else'}, and not for {architecture}.",
            f"build it (run without --skip-build), or deploy it as --{(machine or architecture).replace('_', '-')}",
        )
    wanted = max((tuple(map(int, v)) for v in re.findall(rb"GLIBC_(\d+)\.(\d+)", data)), default=(0, 0))
    # An emulator starts it on this machine.
    if on_aws and wanted > GLIBC:
        raise Stop(
            f"The function {name} wants glibc {wanted[0]}.{wanted[1]}, and Lambda has {GLIBC[0]}.{GLIBC[1]}.",
            "run without --skip-build: built with zig, it wants what Lambda has",
        )


def pack_web() -> Packed:
    if not (WEB / "console" / "index.html").is_file():
        raise Stop(f"{WEB} has no console.", "run without --skip-build, or leave the browser parts out: --no-cdn")
    files = {}
    for folder, _, names in os.walk(WEB):
        for name in names:
            path = Path(folder) / name
            # The CDN compresses; the .br and .gz beside each file are for the gateway.
            if not name.startswith(".") and path.suffix not in (".br", ".gz"):
                files[path.relative_to(WEB).as_posix()] = path.read_bytes()
    return Packed("web", zipped(files, READABLE))


def zipped(files: dict[str, bytes], mode: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.external_attr, entry.compress_type, entry.create_system = mode, zipfile.ZIP_DEFLATED, 3
            archive.writestr(entry, files[name])
    return out.getvalue()
