#!/usr/bin/env python3
"""Runs the notebooks in the installed kernel and looks at what a reader sees.

    notebooks.py [--java JAVA] [--jar dist/jane.jar] [--browser CHROMIUM] [NOTEBOOK...]
    notebooks.py --write [--java JAVA] [--jar dist/jane.jar] [NOTEBOOK...]

With --write, each notebook is run once from top to bottom and saved with its outputs in its place:
do so after a change that shows in them. Without notebooks, all in notebooks/ are taken.

Otherwise every cell of every notebook is run twice in one session; one tagged raises-exception must
fail, the others must not. The saved file must be small, every picture must have a sentence of
alternative text, and the page made of it is opened in a headless browser, which measures the pictures.
Needs nbclient, nbformat and nbconvert (Debian: python3-nbclient, python3-nbconvert) and Chromium.
Prints a line a check and a tally; ends with status 1 if one failed.
"""

import argparse
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from run import ROOT, install

MOST_BYTES = 1_000_000
MOST_SECONDS = 240  # for two runs on a busy machine

# Draws each picture into a canvas and counts its colours: a blank picture has one.
MEASURE = """
<script>
window.addEventListener('load', () => {
  const facts = [...document.images].map(image => {
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const colours = new Set();
    const data = new Uint32Array(pen.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    for (const pixel of data) colours.add(pixel);
    return {width: canvas.width, height: canvas.height, colours: colours.size, alt: image.alt,
            opaque: [...colours].every(c => (c >>> 24) === 255)};
  });
  const note = document.createElement('pre');
  note.id = 'facts';
  note.textContent = JSON.stringify(facts);
  document.body.appendChild(note);
});
</script>
"""

TEN_THOUSAND_STEPS = """
var moons = Toy.moons(64, 0.1, 1);
var tiny = new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 2));
var tinyTrainer = Trainer.of(tiny, Loss.crossEntropy(), Sgd.of(0.1), moons).batchSize(64);
"""


class Tally:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, good, found=""):
        self.passed += 1 if good else 0
        self.failed += 0 if good else 1
        print(f"{'ok     ' if good else 'FAILED '} {name}{'' if good else ': ' + str(found)}", flush=True)


def is_meant_to_fail(cell):
    return "raises-exception" in cell.metadata.get("tags", [])


def failed(cell):
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def pictures(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                yield output


def execute(notebook, folder, runs):
    """Runs all cells `runs` times in one session; an error in a cell ends it."""
    client = NotebookClient(notebook, kernel_name="jane", timeout=300, resources={"metadata": {"path": str(folder)}})
    with client.setup_kernel():
        for _ in range(runs):
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)


def check_notebook(tally, path, browser, folder):
    notebook = nbformat.read(path, as_version=4)
    start = time.monotonic()
    try:
        execute(notebook, folder, 2)
    except Exception as error:  # whatever a cell raised, the tally names it
        tally.check(f"{path.name} runs twice in one session", False, error)
        return
    seconds = time.monotonic() - start
    tally.check(f"{path.name} runs twice in one session", True)
    for index, cell in enumerate(notebook.cells):
        if is_meant_to_fail(cell):
            tally.check(f"{path.name} cell {index} fails, as it is meant to", failed(cell), "it ran")
    tally.check(f"{path.name} takes at most {MOST_SECONDS} s for two runs", seconds <= MOST_SECONDS, f"{seconds:.0f} s")
    size = len(nbformat.writes(notebook).encode())
    tally.check(f"{path.name} is under {MOST_BYTES} bytes", size < MOST_BYTES, size)
    shown = list(pictures(notebook))
    tally.check(f"{path.name} has pictures", len(shown) >= 3, len(shown))
    for number, output in enumerate(shown, 1):
        alt = output.get("metadata", {}).get("image/png", {}).get("alt", "")
        tally.check(f"{path.name} picture {number} says what it shows", len(alt) > 20, repr(alt))
        tally.check(f"{path.name} picture {number} has plain text beside it", output["data"].get("text/plain"))
    if browser:
        check_page(tally, path, notebook, browser, folder, len(shown))


def check_page(tally, path, notebook, browser, folder, expected):
    body, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    body = re.sub(r"<script[^>]*src=[^>]*></script>", "", body)  # nothing from the network
    page = folder / (path.stem + ".html")
    page.write_text(body.replace("</body>", MEASURE + "</body>"))
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=20000", "--dump-dom", page.as_uri(),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=180).stdout
    found = re.search(r'<pre id="facts">(.*?)</pre>', dom, re.DOTALL)
    facts = json.loads(html.unescape(found.group(1))) if found else []
    tally.check(f"{path.name} page shows every picture", len(facts) >= expected, f"{len(facts)} of {expected}")
    for number, fact in enumerate(facts, 1):
        good = fact["width"] > 100 and fact["height"] > 50 and fact["colours"] > 4 and fact["opaque"]
        tally.check(f"{path.name} page picture {number} is drawn on an opaque ground", good, fact)


def write(path, folder):
    """Runs a notebook and saves it with its outputs; a failure leaves the file as it was."""
    notebook = nbformat.read(path, as_version=4)
    start = time.monotonic()
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, kernel_name="jane", timeout=300, record_timing=False, resources=resources).execute()
    text = nbformat.writes(notebook) + "\n"
    path.write_text(text)
    print(f"{path.name}: {time.monotonic() - start:.0f} s, {len(text.encode()):,} bytes", flush=True)


def check_ten_thousand_steps(tally, folder):
    cells = [TEN_THOUSAND_STEPS, "var longRun = %train tinyTrainer steps=10000"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    execute(notebook, folder, 1)
    outputs = notebook.cells[1].outputs
    tally.check("10,000 steps of %train leave at most 2 outputs", len(outputs) <= 2, len(outputs))
    size = len(nbformat.writes(notebook).encode())
    tally.check(f"10,000 steps of %train leave a file under {MOST_BYTES} bytes", size < MOST_BYTES, size)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--java", default="java")
    parser.add_argument("--jar", type=pathlib.Path, default=ROOT / "dist" / "jane.jar")
    parser.add_argument("--browser", default=shutil.which("chromium") or "")
    parser.add_argument("--write", action="store_true", help="save the notebooks with new outputs")
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    paths = options.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb"))
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="jane-notebooks-") as prefix:
        folder = pathlib.Path(prefix)
        install(options.java, options.jar.resolve(), prefix)
        os.environ["JUPYTER_PATH"] = str(folder / "share" / "jupyter")
        os.environ["JANE_HISTORY"] = str(folder / "history.jsonl")
        if options.write:
            for path in paths:
                write(path, folder)
            return 0
        for path in paths:
            check_notebook(tally, path, options.browser, folder)
        check_ten_thousand_steps(tally, folder)
    if not options.browser:
        print("skipped: the page in a browser: no chromium on the PATH")
    print(f"notebooks: {tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
