#!/usr/bin/env python3
"""Holds the ids and the speed of our tokenizers against those of Hugging Face's `tokenizers`, on all texts of a folder.

usage: tokenizers_equal.py TEXTS FOLDER ... [--golden FILE ...] [--rounds 5] [--show 3] [--reader PROGRAM]
         TEXTS: a folder of CSV, TSV, JSON and line files, or a JSON list of texts; every cell, string or line that has a
         letter is a text, equal ones once. FOLDER: what has a tokenizer.json; one with a SentencePiece model alone is held
         against the `sentencepiece` package. FILE: JSON with objects that have a `text`.
needs: pip install tokenizers sentencepiece; swift

A small package of Sources/Text and tokenizers_reader.swift is built for release in a temporary folder, unless PROGRAM is
one. Each folder gets lines: how many texts got other ids, whole, and of a sample with special tokens left to the words and
cut to 16 ids (against SentencePiece the first of these alone); then the seconds that one thread needs for the sample, ours,
theirs text by text, and theirs in batches: medians of rounds that alternate. Differences are shown as ids, never as texts
of the folder. Exit code 0: no difference, 1: some.
"""
import argparse
import array
import csv
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

import sentencepiece
import tokenizers

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What tokenizers trip over.
AWKWARD = [
    "", " ", "   ", "\t", "\n\n", "\r\n", " \r\n ", "a\r\nb\rc\nd", "a\u0000b", "\u0000", "e\u0301", "\u0301", " \u0301a", "a\u0301\u0327\u0301",
    "\u1e9b\u0323", "\u212b", "\ufb01n", "\u2167", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea\U0001f1eb", "\u2764\ufe0f", "\U0001f44d\U0001f3fd",
    "\u202eabc\u202c", "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645", "\u0645\u0651\u064e", "\ufdfa", "\u05e9\u05c1\u05dc\u05d5\u05dd", "\u0e01\u0e33", "\u0915\u094d\u0937\u093f", "\uac00\u1100\u1161\u11a8", "\u3042\u3099",
    "\u2581", "a\u2581b", "\u2581\u2581a", " \u2581 a", "x" * 300, "ab" * 5000, "! " * 200, "!" * 1000, " " * 1000, "\u00e9" * 500, "1" * 100,
    "<s>", "</s>", "a<mask>b", "a <mask> b", "  <mask>  ", "<mask><mask>", "<s> a </s>", "[CLS][SEP] a [MASK] b", "<unk> x", "[UNK]",
    "don't DON'T I'LL we've it\u017f '\u017f ''s 's", "a  b   c    d", "  lead and trail  ", "tab\tand\u00a0nbsp\u2003em\u3000wide\u200bzero\ufeffbom",
    "1234567 \u0661\u0662\u0663 \u00bd \u2460 \u216b", "\u00ad soft\u00adhyphen", "\U0001d400\U0001d41a", "\U00020000\U0002f800", "\U000e0001\U000e0061", "\ufffd\uffff\ue000", "\u0085\u2028\u2029\u001c",
    "\u01c5 \u0130I\u0131i \u00df \u1e9e \u03a3\u03c2\u03c3", "|||EMAIL_ADDRESS|||x", "a    b" + " " * 30 + "c", "\n \n  \n", "foo_bar-baz.qux@x.y", "\u4f60\u597d\u4e16\u754c\u3002", "a\u0300\u0300" * 40,
]


def decoded(data):
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)


def cells(path):
    text = decoded(path.read_bytes())
    if path.suffix == ".json":
        return strings(json.loads(text))
    if path.suffix in [".csv", ".tsv"]:
        rows = csv.reader(text.splitlines(keepends=True), delimiter="," if path.suffix == ".csv" else "\t")
        return (cell for row in rows for cell in row)
    return iter(text.split("\n"))


def texts(place):
    if place.is_file():
        return json.loads(place.read_text())
    csv.field_size_limit(1 << 30)
    found = {}
    for path in sorted(place.rglob("*")):
        if path.is_file():
            for cell in cells(path):
                if any(character.isalpha() for character in cell):
                    found.setdefault(cell)
    return list(found)


def build(folder):
    """Our side; the one file of a target that is a program is main.swift."""
    (folder / "Sources" / "reader").mkdir(parents=True)
    os.symlink(ROOT / "Sources" / "Text", folder / "Sources" / "Text")
    os.symlink(ROOT / "Scripts" / "peers" / "tokenizers_reader.swift", folder / "Sources" / "reader" / "main.swift")
    (folder / "Package.swift").write_text(
        "// swift-tools-version: 6.2\nimport PackageDescription\n"
        'let package = Package(name: "reader", platforms: [.macOS(.v15)], targets: [\n'
        '  .target(name: "Text"), .executableTarget(name: "reader", dependencies: ["Text"]),\n'
        "], swiftLanguageModes: [.v6])\n")
    subprocess.run(["swift", "build", "-c", "release", "-j", "2"], cwd=folder, check=True, stdout=sys.stderr)
    return folder / ".build" / "release" / "reader"


class Reader:
    def __init__(self, program, folder, texts):
        self.scratch = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.scratch.name)
        self.file = path / "ids"
        (path / "texts.json").write_text(json.dumps(texts))
        self.process = subprocess.Popen(
            [program, folder, path / "texts.json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        answer = self.process.stdout.readline()
        if not answer.startswith("ready"):
            sys.exit(f"{folder}: {answer}")
        self.count = int(answer.split()[1])

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def ids(self, command):
        self.ask(f"{command} {self.file}")
        values = array.array("i", self.file.read_bytes())
        place = 0
        while place < len(values):
            yield values[place + 1:place + 1 + values[place]].tolist()
            place += 1 + values[place]

    def seconds(self):
        return float(self.ask("time").split()[0])


class HuggingFace:
    commands = ["ids", "escaped", "cut 16"]

    def __init__(self, folder):
        self.whole = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.whole.no_truncation()
        self.whole.no_padding()
        self.count = self.whole.get_vocab_size()
        self.cut = tokenizers.Tokenizer.from_str(self.whole.to_str())
        self.cut.enable_truncation(16)
        self.escaped = tokenizers.Tokenizer.from_str(self.whole.to_str())
        self.escaped.encode_special_tokens = True

    def ids(self, command, texts):
        own = {"ids": self.whole, "escaped": self.escaped, "cut 16": self.cut}[command]
        for first in range(0, len(texts), 1000):
            for encoding in own.encode_batch(texts[first:first + 1000]):
                yield encoding.ids

    def one_by_one(self, texts):
        for text in texts:
            self.whole.encode(text)

    def batch(self, texts):
        for first in range(0, len(texts), 1000):
            self.whole.encode_batch(texts[first:first + 1000])


class SentencePiece:
    # It knows no special tokens in a text.
    commands = ["escaped"]

    def __init__(self, folder):
        model = next(folder.glob("*.model"))
        self.model = sentencepiece.SentencePieceProcessor(model_file=str(model))
        self.around = ([0], [2]) if model.name == "sentencepiece.bpe.model" else ([], [])
        self.shift = 1 if self.around[0] else 0
        self.count = self.model.get_piece_size() + 2 * self.shift

    def ids(self, command, texts):
        for text in texts:
            # XLM-R's ids: fairseq's four special tokens stand before the pieces.
            own = [3 if id == 0 and self.shift else id + self.shift for id in self.model.encode(text)]
            yield self.around[0] + own + self.around[1]

    def one_by_one(self, texts):
        for text in texts:
            self.model.encode(text)

    def batch(self, texts):
        for first in range(0, len(texts), 1000):
            self.model.encode(texts[first:first + 1000], num_threads=1)


def timed(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", type=pathlib.Path)
    parser.add_argument("folders", type=pathlib.Path, nargs="+")
    parser.add_argument("--golden", type=pathlib.Path, nargs="*", default=[])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--every", type=int, default=10, help="only each such text is timed, escaped and cut")
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--reader", type=pathlib.Path)
    options = parser.parse_args()
    corpus = texts(options.texts)
    awkward = AWKWARD + [item[key] for file in options.golden for item in json.loads(file.read_text())
                         for key in ["text", "a", "b"] if key in item]
    # Every scalar by itself and between letters; no text may hold half of a surrogate pair.
    scalars = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    awkward += ["".join(scalars[first:first + 64]) for first in range(0, len(scalars), 64)]
    awkward += [f"a{scalar}b {scalar}1" for scalar in scalars[:0x3400]]
    everything, sample = corpus + awkward, corpus[::options.every]
    print(f"{len(corpus)} texts, {len(awkward)} awkward ones")
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        program = options.reader or build(pathlib.Path(folder))
        for place in options.folders:
            peer = (HuggingFace if (place / "tokenizer.json").exists() else SentencePiece)(place)
            reader, short = Reader(program, place, everything), Reader(program, place, sample + awkward)
            if reader.count != peer.count:
                print(f"{place.name}: {reader.count} tokens, theirs {peer.count}")
                total += 1
            for command in peer.commands:
                # Of the ids that are compared in more than one way, all texts in the first, a sample in the others.
                side, own_texts = (reader, everything) if command == peer.commands[0] else (short, sample + awkward)
                other, plain = [0, 0], len(own_texts) - len(awkward)
                for index, (text, own, their) in enumerate(
                        zip(own_texts, side.ids(command), peer.ids(command, own_texts), strict=True)):
                    if own != their:
                        is_awkward = index >= plain
                        other[is_awkward] += 1
                        if other[is_awkward] <= options.show:
                            at = next((at for at, pair in enumerate(zip(own, their)) if pair[0] != pair[1]), -1)
                            shown = f" {text[:16]!a}" if is_awkward else ""
                            print(f"  {index}{shown} at {at}: {own[max(at, 0):][:8]}, theirs {their[max(at, 0):][:8]}")
                total += sum(other)
                print(f"{place.name} {command}: {other[0]} of {plain} texts differ, {other[1]} awkward ones", flush=True)
            if not options.rounds:
                continue
            clock, rounds = Reader(program, place, sample), []
            for _ in range(options.rounds + 1):
                rounds.append((clock.seconds(), timed(peer.one_by_one, sample), timed(peer.batch, sample)))
            own, one, batch = (statistics.median(values) for values in zip(*rounds[1:], strict=True))
            print(f"{place.name} speed: {own:.3f} s, theirs {one:.3f} s one by one ({one / own:.1f}x), "
                  f"{batch:.3f} s as a batch ({batch / own:.1f}x)", flush=True)
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
