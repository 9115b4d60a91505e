"""Tries everyday tools with the kernel: nbconvert, nbclient, papermill, jupytext, nbdime. Part of `cargo lab --test`.

It starts itself again in `.lab/tools`, an environment with these tools, which it makes the first time.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import nbformat

LAB = Path(__file__).resolve().parent
PLACE = LAB.parent / ".lab"
TOOLS = PLACE / "tools"
PROGRAMS = TOOLS / ("Scripts" if os.name == "nt" else "bin")
METADATA = {"kernelspec": {"name": "softness", "display_name": "Rust (softness)", "language": "rust"}}


def make_environment(environment):
    """Makes `.lab/tools`, unless it is there. What JupyterLab's own environment has is not installed again."""
    wanted = "".join(
        file.read_text(encoding="utf-8")
        for file in [LAB / "tools.txt", LAB / "requirements.txt", *sorted((LAB / "papermill").glob("*.*"))]
    )
    stamp = TOOLS / "requirements.txt"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    print("making an environment with papermill, jupytext and nbdime in .lab/tools ..", flush=True)
    subprocess.run([sys.executable, "-m", "venv", TOOLS], check=True)
    pip = [PROGRAMS / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", LAB / "tools.txt"], check=True, env=environment)
    with tempfile.TemporaryDirectory() as folder:
        # pip builds in the source's folder; here that is a copy.
        for file in (LAB / "papermill").glob("*.*"):
            (Path(folder) / file.name).write_bytes(file.read_bytes())
        subprocess.run([*pip, folder], check=True, env=environment)
    stamp.write_text(wanted, encoding="utf-8")


def notebook(path, *sources, tags=()):
    """Writes a notebook; the first cell has the tags."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = list(tags)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), path)
    return path


def call(*command):
    """Runs a tool; returns its status and what it printed."""
    done = subprocess.run([str(part) for part in command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def outputs_of(path):
    """The text of a notebook's outputs, cell by cell."""
    return [str(cell.get("outputs", "")) for cell in nbformat.read(path, as_version=4).cells]


def main():
    from checks import Checks

    check = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jupyter = [sys.executable, "-m"]
        failing = notebook(folder / "failing.ipynb", "1 + 1", 'Err::<(), _>("the reason")?;', 'println!("not reached");')

        status, text = call(*jupyter, "nbconvert", "--to", "notebook", "--execute", failing, "--output", "out.ipynb")
        check("nbconvert --execute stops at an error and shows it", status != 0 and "the reason" in text, text[-800:])
        status, text = call(*jupyter, "nbconvert", "--to", "notebook", "--execute", "--allow-errors", failing, "--output", "all.ipynb")
        well = status == 0 and "not reached" in outputs_of(folder / "all.ipynb")[2]
        check("nbconvert --allow-errors goes on", well, text[-800:])
        tagged = notebook(folder / "tagged.ipynb", 'Err::<(), _>("expected")?;', "6 * 7", tags=["raises-exception"])
        status, text = call(*jupyter, "nbconvert", "--to", "notebook", "--execute", tagged, "--output", "tagged-out.ipynb")
        check("a cell with the tag raises-exception stops nothing", status == 0 and "42" in outputs_of(folder / "tagged-out.ipynb")[1], text[-800:])
        status, text = call(*jupyter, "nbconvert", "--to", "script", folder / "all.ipynb", "--output", "script")
        check("nbconvert writes a Rust file", status == 0 and (folder / "script.rs").exists(), text[-400:])

        source = 'let mut iterations: u64 = 500; let mut name: String = "x".into(); let mut rate: f64 = 0.5; let mut all: Vec<u32> = vec![];'
        asked = notebook(folder / "asked.ipynb", source, 'println!("{iterations} {name} {rate} {all:?}");', tags=["parameters"])
        parameters = ["-p", "iterations", "2000", "-p", "name", 'a "b"', "-p", "rate", "0.25", "-y", "all: [1, 2]"]
        status, text = call(*jupyter, "papermill", asked, folder / "asked-out.ipynb", *parameters)
        shown = outputs_of(folder / "asked-out.ipynb")[-1] if status == 0 else ""
        check("papermill -p passes parameters", '2000 a "b" 0.25 [1, 2]' in shown, text[-800:] + shown)
        status, text = call(*jupyter, "papermill", failing, folder / "failed.ipynb")
        check("papermill stops at an error", status != 0 and "the reason" in text, text[-800:])

        status, text = call(*jupyter, "jupytext", "--to", "rs:percent", failing)
        paired = (folder / "failing.rs").read_text(encoding="utf-8") if status == 0 else ""
        check("jupytext writes a Rust script", "// %%" in paired and 'println!("not reached");' in paired, text + paired)
        status, text = call(*jupyter, "jupytext", "--to", "ipynb", "--output", folder / "back.ipynb", folder / "failing.rs")
        cells = [cell.source for cell in nbformat.read(folder / "back.ipynb", as_version=4).cells] if status == 0 else []
        check("and reads it back", cells == [cell.source for cell in nbformat.read(failing, as_version=4).cells], text)

        changed = notebook(folder / "changed.ipynb", "1 + 1", 'Err::<(), _>("another reason")?;', 'println!("not reached");')
        status, text = call(PROGRAMS / "nbdiff", "--no-color", failing, changed)
        check("nbdime shows a changed cell", "another reason" in text and len(text) < 2000, text)
    sys.exit(0 if check.all_well else 1)


if __name__ == "__main__":
    if Path(sys.prefix) == TOOLS:
        main()
    environment = {
        **os.environ,
        "JUPYTER_PATH": str(PLACE / "venv/share/jupyter"),
        "PYTHONPATH": sysconfig.get_path("purelib"),
    }
    make_environment(environment)
    sys.exit(subprocess.run([PROGRAMS / "python", __file__], env=environment).returncode)
