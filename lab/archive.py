"""Archives of a built kernel: makes, fetches and unpacks them. `cargo lab --pack` and `--kernel-from` start this.

An archive is a .tar.gz of plain files. The first is `manifest.json`; its `files` lists the others with SHA-256 and size. Nothing is
written that is not on this list, and nothing outside the given folder. If something is wrong, the status is 1 and standard output
has one sentence. Only Python's standard library is used: it is there before anything is installed.
"""

import contextlib
import gzip
import hashlib
import http.client
import io
import json
import os
import re
import sys
import tarfile
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path

PIECE = 1 << 20
MANIFEST = "manifest.json"
# That of a kernel has 50 kB.
LONGEST_MANIFEST = 16 << 20
FOLDERS = ("kernel", "lib", "interface", "dependencies", "views")
SECONDS_WITHOUT_DATA = 60
NO_ARCHIVE = "{}: this is no archive of `cargo lab --pack`"
DAMAGED = "{}: the archive is cut off or damaged; fetch it again"


class Problem(Exception):
    """A sentence for the user."""


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def is_safe(name):
    """Whether a file of this name stays inside the folder that it is unpacked to, on every system."""
    parts = name.split("/")
    plain = all(re.fullmatch(r"[A-Za-z0-9_.+-]+", part) and not part.endswith(".") for part in parts)
    return plain and len(parts) > 1 and parts[0] in FOLDERS


def pack(target):
    """Makes an archive from the JSON on standard input: `manifest`, and `files` with a path for each name."""
    plan = json.load(sys.stdin)
    paths = dict(sorted(plan["files"].items()))
    files = {}
    for name, path in paths.items():
        if not is_safe(name):
            raise Problem(f"{path}: this name cannot be in an archive")
        files[name] = {"sha256": sha256_of(path), "bytes": os.path.getsize(path)}
    manifest = json.dumps({**plan["manifest"], "files": files}, indent=1).encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{os.getpid()}-{target.name}")
    try:
        with open(new, "wb") as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
                add(archive, MANIFEST, io.BytesIO(manifest), len(manifest), 0o644)
                for name, path in paths.items():
                    mode = 0o755 if os.access(path, os.X_OK) else 0o644
                    with open(path, "rb") as content:
                        add(archive, name, content, files[name]["bytes"], mode)
        sha256 = sha256_of(new)
        os.replace(new, target)
    finally:
        new.unlink(missing_ok=True)
    target.with_name(target.name + ".sha256").write_text(f"{sha256}  {target.name}\n", encoding="utf-8")
    print(sha256)


def add(archive, name, content, size, mode):
    """Adds a file without owner and time, so that the same files make the same archive."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, mode
    archive.addfile(entry, content)


def fetch(url, target):
    """Downloads an archive."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS_WITHOUT_DATA) as answer, open(target, "wb") as file:
            length = answer.headers.get("Content-Length", "")
            length = int(length) if length.isdigit() else None
            done, said = 0, time.monotonic()
            while piece := answer.read(PIECE):
                file.write(piece)
                done += len(piece)
                if time.monotonic() - said > 10:
                    said = time.monotonic()
                    of = f" of {length // 1_000_000}" if length else ""
                    print(f"    {done // 1_000_000}{of} MB", file=sys.stderr, flush=True)
    except urllib.error.HTTPError as error:
        raise Problem(f"{url}: the server answers {error.code} {error.reason}") from error
    except urllib.error.URLError as error:
        why = getattr(error.reason, "strerror", None) or error.reason
        raise Problem(f"{url}: the server cannot be reached: {why}") from error
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise Problem(f"{url}: the download failed ({error}); try again") from error
    if length is not None and done != length:
        raise Problem(f"{url}: the download ended after {done} of {length} bytes; try again")


def members(source, file):
    """The manifest of an archive, then each other file as its name, entry and content."""
    no_archive = Problem(NO_ARCHIVE.format(source))
    with tarfile.open(fileobj=file, mode="r|gz") as archive:
        first = archive.next()
        if first is None or first.name != MANIFEST or not first.isreg() or first.size > LONGEST_MANIFEST:
            raise no_archive
        text = archive.extractfile(first).read()
        try:
            manifest = json.loads(text)
            listed = manifest["files"]
            if not all(isinstance(each["sha256"], str) and each["bytes"] >= 0 for each in listed.values()):
                raise no_archive
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise no_archive from error
        yield manifest
        while entry := archive.next():
            yield entry, archive.extractfile(entry) if entry.isreg() else None


@contextlib.contextmanager
def reading(source, path):
    """Opens an archive; turns what goes wrong while it is read into a sentence."""
    with open(path, "rb") as file:
        try:
            yield file
        except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
            file.seek(0)
            is_gzip = file.read(2) == b"\x1f\x8b"
            raise Problem((DAMAGED if is_gzip else NO_ARCHIVE).format(source)) from error


def show_manifest(source, path, sha256=None):
    """Prints an archive's SHA-256 and manifest; with `sha256`, the archive must have it."""
    found = sha256_of(path)
    if sha256 and found != sha256:
        raise Problem(f"{source}: the SHA-256 is {found}, not {sha256}: fetch the archive again, and check where it comes from")
    with reading(source, path) as file:
        print(json.dumps({"sha256": found, "manifest": next(members(source, file))}))


def unpack(source, path, folder):
    """Unpacks an archive into a folder, and checks the SHA-256 of every file."""
    with reading(source, path) as file:
        parts = members(source, file)
        missing = dict(next(parts)["files"])
        for entry, content in parts:
            name = entry.name
            wanted = missing.pop(name, None)
            if wanted is None or content is None or not is_safe(name):
                raise Problem(f"{source}: {name!r} does not belong in an archive of `cargo lab --pack`; do not use it")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            digest, done = hashlib.sha256(), 0
            with open(target, "xb") as out:
                while piece := content.read(PIECE):
                    done += len(piece)
                    if done > wanted["bytes"]:
                        break
                    digest.update(piece)
                    out.write(piece)
            if done != wanted["bytes"] or digest.hexdigest() != wanted["sha256"]:
                raise Problem(DAMAGED.format(source))
            os.chmod(target, 0o755 if entry.mode & 0o100 else 0o644)
        if missing:
            raise Problem(DAMAGED.format(source))


def main():
    command, *rest = sys.argv[1:]
    try:
        if command == "pack":
            pack(Path(rest[0]))
        elif command == "fetch":
            fetch(rest[0], Path(rest[1]))
        elif command == "manifest":
            show_manifest(*rest)
        else:
            unpack(rest[0], rest[1], Path(rest[2]))
    except Problem as problem:
        print(problem)
        sys.exit(1)
    except OSError as error:
        print(f"{error.filename or 'a file'}: {error.strerror or error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
