#!/usr/bin/env python3
"""Loads, trains, keeps and exports checkpoints of full size with random weights, and says what each step takes.

usage: full_size.py [base] [large] [--bench .build/debug/bench] [--folder FOLDER]
needs: pip install torch transformers; 3 GB (base) and 9 GB (large) of memory, 2 GB and 6 GB of disk

Transformers writes a BERT of the published shape (base: 12 x 768, large: 24 x 1024, vocabulary 30,522) with random
weights. bench reads it as `pretrained:`, trains a step on 28 generated messages (base: all weights; large: the layers
are frozen, and only the classifier learns), tests, stores the model; `bench predict` and `bench export` read it again,
and check_export.py has Transformers read that and compares the answers. A line for each: wall-clock seconds and the
largest memory of the process.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

SHAPES = {"base": (12, 768, 12), "large": (24, 1024, 16)}

WRITE = """
import sys, torch
from transformers import BertConfig, BertForMaskedLM
layers, hidden, heads, folder = *map(int, sys.argv[1:4]), sys.argv[4]
torch.manual_seed(1)
BertForMaskedLM(BertConfig(num_hidden_layers=layers, hidden_size=hidden, num_attention_heads=heads,
                           intermediate_size=4 * hidden)).save_pretrained(folder)
"""

MANIFEST = """version: 1
name: full-size
seed: 1
corpora:
  messages: {{task: sentiment, domain: ecommerce, generated: {{rows: 40}}}}
protocols: [{{kind: holdout, seeds: 1}}]
models:
  bert: {{kind: bert, pretrained: {folder}, training: {{epochs: 1, frozen_layers: {frozen}}}, text: {{maximum_tokens: 64}}}}
timing: false
"""


def vocabulary():
    """30,522 pieces: BERT's special tokens, every printable letter with and without ##, then fillers."""
    letters = [chr(code) for code in range(33, 127)]
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + letters + ["##" + letter for letter in letters]
    return pieces + [f"[unused{number}]" for number in range(30522 - len(pieces))]


def run(name, command):
    """Runs a command to its end; prints its seconds and its largest memory."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    print(f"{name}: {time.perf_counter() - start:.1f} s, {usage.ru_maxrss / 1e6:.2f} GB", flush=True)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{output}")
    return output


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shapes", nargs="*", metavar="base|large", help="which; both where none is named")
    parser.add_argument("--bench", default=".build/debug/bench", help="the program")
    parser.add_argument("--folder", help="where files go; a temporary folder without it")
    options = parser.parse_args()
    shapes = options.shapes or list(SHAPES)
    if not set(shapes) <= set(SHAPES):
        parser.error(f"got {' '.join(shapes)}, expected base, large")
    bench = str(pathlib.Path(options.bench).resolve())
    for shape in shapes:
        if options.folder:
            os.makedirs(options.folder, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            folder = pathlib.Path(name)
            layers, hidden, heads = SHAPES[shape]
            checkpoint = folder / f"bert-{shape}-random"
            run(f"{shape}: Transformers writes it",
                [sys.executable, "-c", WRITE, *map(str, (layers, hidden, heads)), checkpoint])
            (checkpoint / "vocab.txt").write_text("\n".join(vocabulary()) + "\n")
            manifest = folder / "full-size.yaml"
            manifest.write_text(MANIFEST.format(folder=checkpoint, frozen=layers if shape == "large" else 0))
            run(f"{shape}: validate", [bench, "validate", manifest])
            run(f"{shape}: load, a training step, test, store",
                [bench, manifest, "--output", folder / "out", "--history", folder / "history.sqlite", "--quiet"])
            model = next((folder / "out.fits").glob("*.bert-*.model"))
            texts = folder / "texts.txt"
            texts.write_text("where is my parcel\nthe new phone is fine, thank you\n")
            run(f"{shape}: predict", [bench, "predict", model, texts])
            run(f"{shape}: export", [bench, "export", model, folder / "exported"])
            check = pathlib.Path(__file__).with_name("check_export.py")
            print(run(f"{shape}: Transformers reads it",
                      [sys.executable, check, model, folder / "exported", texts, "--bench", bench]).splitlines()[-1])


if __name__ == "__main__":
    main()
