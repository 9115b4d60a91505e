"""One line for each session of a store: key, file and SHA-256 of its weights and history, sorted. The record is left out: it has times."""
import hashlib, pathlib, sys, zipfile

lines = []
def add(key, files):
    for name, content in files:
        if name.endswith(".npy") or name == "history.csv":
            lines.append(f"{key} {name} {hashlib.sha256(content).hexdigest()}")

for path in pathlib.Path(sys.argv[1], "sessions").rglob("*"):
    if ".softness-" in str(path):
        continue                                    # not complete yet
    if path.name == "session.json":                 # a folder NAME-KEY
        folder = path.parent
        add(folder.name.rsplit("-", 1)[-1], ((file.name, file.read_bytes()) for file in folder.iterdir()))
    elif path.is_file() and zipfile.is_zipfile(path):   # one file, KEY.session
        with zipfile.ZipFile(path) as archive:
            add(path.stem.rsplit("-", 1)[-1], ((name, archive.read(name)) for name in archive.namelist()))
print("\n".join(sorted(lines)))
