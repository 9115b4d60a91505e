"""Packs the kernel of this copy of the project, takes it in a fresh copy elsewhere, by HTTP and as a file, and runs notebook 01
there. Damaged, cut and foreign archives must be refused in a sentence and leave nothing. `cargo lab` must have set up this copy.

With `--small`, only what needs no kernel: small archives that somebody may have tampered with. The tests of `cargo lab` do this.
"""

import contextlib
import functools
import gzip
import hashlib
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from pathlib import Path

LAB = Path(__file__).resolve().parent
PROJECT = LAB.parent
PROGRAM = PROJECT / ".lab/bin" / ("softness-lab.exe" if os.name == "nt" else "softness-lab")
PYTHON = PROJECT / ".lab/venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DAMAGED = "the archive is cut off or damaged; fetch it again"
NO_ARCHIVE = "this is no archive of `cargo lab --pack`"


def script(*arguments):
    """Runs `archive.py`; returns its status and what it printed."""
    command = [sys.executable, LAB / "archive.py", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.strip()


def small_archive(path, members, listed=None):
    """Writes an archive of these entries, names with bytes or whole entries; `listed` says what the manifest lists."""
    content = {name: data for name, data in members if isinstance(data, bytes)}
    files = {name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in content.items()}
    manifest = json.dumps({"files": files if listed is None else listed(files)}).encode()
    with tarfile.open(path, "w:gz") as archive:
        for name, data in [("manifest.json", manifest), *members]:
            entry = tarfile.TarInfo(name)
            if isinstance(data, bytes):
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
            else:
                entry.type, entry.linkname = data
                archive.addfile(entry)
    return path


def check_small(work):
    """What somebody may have put into an archive."""
    folder, archive = work / "inside/folder", work / "small.tar.gz"
    good = ("lib/a.so", os.urandom(100_000))

    def refused(sentence, members, listed=None):
        shutil.rmtree(work / "inside", ignore_errors=True)
        small_archive(archive, members, listed)
        said = script("unpack", "IT", archive, folder)
        assert said == (1, f"IT: {sentence}"), said
        left = {str(path.relative_to(folder)) for path in (work / "inside").rglob("*") if path.is_file()}
        assert left <= {"lib/a.so"}, left

    def foreign(name):
        return f"{name!r} does not belong in an archive of `cargo lab --pack`; do not use it"

    small_archive(archive, [good])
    assert script("unpack", "IT", archive, folder) == (0, "")
    assert (folder / "lib/a.so").read_bytes() == good[1]
    whole = archive.read_bytes()
    for name in ["../x", "lib/../../x", "/tmp/x", "x", "lib/", "lib\\x", "other/x", "lib/a:b", "lib/..", "lib/a "]:
        refused(foreign(name), [good, (name, b"x")])
    refused(foreign("lib/b"), [good, ("lib/b", b"x")], lambda files: {"lib/a.so": files["lib/a.so"]})
    refused(foreign("lib/a.so"), [good, good])
    for kind in [tarfile.SYMTYPE, tarfile.LNKTYPE]:
        link = ("lib/b", (kind, "/etc/passwd"))
        refused(foreign("lib/b"), [good, link], lambda files: {**files, "lib/b": {"sha256": "00", "bytes": 0}})
    refused(DAMAGED, [good], lambda files: {**files, "lib/b": {"sha256": "00", "bytes": 0}})
    refused(DAMAGED, [good], lambda files: {"lib/a.so": {**files["lib/a.so"], "bytes": 10}})
    refused(DAMAGED, [good], lambda files: {"lib/a.so": {**files["lib/a.so"], "sha256": "00"}})
    refused(NO_ARCHIVE, [good], lambda files: [])
    refused(NO_ARCHIVE, [good], lambda files: {"lib/a.so": 1})

    # At any byte: cut off, or another byte there.
    harmless = 0
    for place in range(0, len(whole), len(whole) // 20):
        for changed in [whole[:place], whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]]:
            shutil.rmtree(work / "inside", ignore_errors=True)
            archive.write_bytes(changed)
            status, said = script("unpack", "IT", archive, folder)
            # A few bytes mean nothing here, such as the time in the header and the zeros after the last file.
            same = status == 0 and (folder / "lib/a.so").read_bytes() == good[1]
            harmless += same
            assert same or (status == 1 and said in (f"IT: {DAMAGED}", f"IT: {NO_ARCHIVE}")), (place, said)
    assert harmless < 10, harmless
    for text in [b"", b"<html>not found</html>", gzip.compress(b"text")]:
        archive.write_bytes(text)
        status, said = script("manifest", "IT", archive)
        assert status == 1 and said in (f"IT: {NO_ARCHIVE}", f"IT: {DAMAGED}"), said
    status, said = script("manifest", "IT", work / "absent")
    assert status == 1 and said == f"{work / 'absent'}: No such file or directory", said


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder; of `cut.tar.gz` it sends half of what it announces."""

    def copyfile(self, source, outputfile):
        if self.path == "/cut.tar.gz":
            outputfile.write(source.read(os.fstat(source.fileno()).st_size // 2))
        else:
            super().copyfile(source, outputfile)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder):
    """Serves the folder over HTTP; the value is its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def lab(project, *arguments):
    """Runs `cargo lab` in a copy of the project; returns its status and everything that it printed."""
    environment = {**os.environ, "CARGO_MANIFEST_DIR": str(project / "lab")}
    environment.update({name: "127.0.0.1" for name in ("no_proxy", "NO_PROXY")})
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], cwd=project, env=environment, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout


def check_whole(work):
    """A kernel from here in a copy of the project."""
    start = time.monotonic()
    copy, www, prefix = work / "copy", work / "www", work / "prefix"
    made = ["target", ".lab", ".git", "softness-out", "__pycache__"]
    shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(*made))
    archive = www / "kernel.tar.gz"
    status, said = lab(PROJECT, "--pack", archive)
    assert status == 0, said
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert f"cargo lab --kernel-from FILE --sha256 {sha256}" in said, said
    assert (www / "kernel.tar.gz.sha256").read_text() == f"{sha256}  kernel.tar.gz\n"
    print(f"packed {archive.stat().st_size // 1_000_000} MB, {time.monotonic() - start:.0f} s", flush=True)

    def take(source, *more):
        return lab(copy, "--kernel-only", "--prefix", prefix, "--kernel-from", source, *more)

    def refused(sentence, source, *more):
        status, said = take(source, *more)
        assert status == 1 and f"error: {sentence}. Without --kernel-from, `cargo lab` builds its own\n" in said, said
        left = sorted(path.name for path in (copy / ".lab").iterdir() if path.name not in ("bin", "lock", "log"))
        assert left == [] and not prefix.exists(), left

    with served(www) as address:
        url = f"{address}/kernel.tar.gz"
        refused(
            f"{url}: the SHA-256 is {sha256}, not {'0' * 64}: fetch the archive again, and check where it comes from",
            url, "--sha256", "0" * 64,
        )
        refused(f"{address}/absent.tar.gz: the server answers 404 File not found", f"{address}/absent.tar.gz")
        size = archive.stat().st_size
        shutil.copy(archive, www / "cut.tar.gz")
        refused(
            f"{address}/cut.tar.gz: the download ended after {size // 2} of {size} bytes; try again", f"{address}/cut.tar.gz"
        )
        damaged = www / "cut.tar.gz"
        with open(damaged, "r+b") as file:
            file.seek(size // 2)
            file.write(bytes(64))
        refused(f"{damaged}: {DAMAGED}", damaged)
        damaged.unlink()
        refused(f"{copy / 'README.md'}: {NO_ARCHIVE}", copy / "README.md")
        source = copy / "src/lib.rs"
        text = source.read_text(encoding="utf-8")
        source.write_text(text + "\n// Edited.\n", encoding="utf-8")
        refused(f"{archive}: src/lib.rs differs from the one that this archive was made from", archive)
        source.write_text(text, encoding="utf-8")
        print(f"six archives were refused, {time.monotonic() - start:.0f} s", flush=True)

        status, said = take(url, "--sha256", sha256)
        assert status == 0 and "building" not in said, said
    print(f"taken by HTTP, {time.monotonic() - start:.0f} s", flush=True)
    assert not (copy / ".lab/new-archive").exists() and not (copy / ".lab/venv").exists()
    environment = {
        **os.environ,
        "JUPYTER_PATH": str(prefix / "share/jupyter"),
        "SOFTNESS_PLAN": str(LAB / "small-plan.toml"),
        "SOFTNESS_STORE": str(work / "store"),
    }
    which = "from jupyter_client.kernelspec import get_kernel_spec as get; print(get('softness').argv[0])"
    argv = subprocess.run([PYTHON, "-c", which], env=environment, text=True, stdout=subprocess.PIPE, check=True).stdout
    assert Path(argv.strip()).is_relative_to(copy / ".lab"), argv
    notebook = next((copy / "notebooks").glob("01*.ipynb"))
    runner = [PYTHON, copy / "lab/notebooks.py", "--out", work / "out", notebook]
    subprocess.run(runner, env=environment, check=True)

    status, said = take(archive)
    assert status == 0 and f"already here; nothing is taken from {archive}" in said, said
    status, said = lab(copy, "--clean")
    assert status == 0 and not (copy / ".lab").exists() and not (prefix / "share/jupyter/kernels/softness").exists(), said
    status, said = take(archive)
    assert status == 0 and f"its SHA-256 is {sha256}" in said, said
    kernels = [path.name for path in (copy / ".lab/kernel/bin").iterdir()]
    assert len(kernels) == 1 and (copy / ".lab/library/current").is_file(), kernels
    print(f"taken as a file, {time.monotonic() - start:.0f} s", flush=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        if sys.argv[1:] == ["--small"]:
            check_small(work)
        else:
            check_whole(work)


if __name__ == "__main__":
    main()
