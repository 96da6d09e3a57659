#!/usr/bin/env python3
"""Runs `bench speed` and its peers alternately and prints how many times faster bench is, with 95 % intervals.

usage: compare_speed.py --bench FILE --checkpoint FOLDER --texts CSV [--rounds 11] [--threads 1 2] [--samples FILE]
       [--document FILE]
needs: pip install torch transformers onnx onnxruntime tokenizers

A round is one process a side and number of threads, in an order that turns from round to round; a side's time for a
row is its median over 7 timed batches (its mean against length-sorted batches, which differ in length by design). A
ratio is peer / bench within a round; the table gives the median over the rounds and the order statistics that enclose
the true median with at least 95 % (no assumption on the distribution; needs 6 rounds). On one thread only the rows
with a target are measured, unless --only names others. --samples keeps what every process printed, so that a
comparison that was ended goes on with the process it was at. --document replaces what stands between `<!-- speed -->`
and `<!-- /speed -->` in a Markdown file.
"""
import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# What the project wants to reach: row and threads -> times PyTorch's speed; ONNX Runtime's and tokenizers' below.
TARGETS = {
    ("bert-forward", 2): 2.0, ("bert-train", 2): 2.8, ("bert-forward-32x32", 2): 1.6, ("bert-train-32x32", 2): 1.7,
    ("lstm-forward", 2): 2.0, ("lstm-train", 2): 2.5, ("lstm-forward-32x32", 2): 1.15, ("lstm-train-32x32", 2): 1.25,
    ("hybrid-forward", 2): 2.2, ("hybrid-train", 2): 2.2, ("bert-query", 2): 2.0, ("lstm-query", 2): 2.0,
    ("hybrid-query", 2): 2.2, ("bert-forward", 1): 2.0, ("bert-train", 1): 2.2, ("lstm-forward", 1): 1.2,
    ("lstm-train", 1): 1.6,
}
PEERS = ["torch", "torch sorted", "torch compiled", "onnxruntime"]
# Rows that a peer has; bench's other rows take minutes and have nothing to be held against.
ROWS = [
    f"{model}-{work}" for model in ("bert", "lstm", "hybrid")
    for work in ("query", "forward", "forward-32x32", "train", "train-32x32")
    if model != "hybrid" or not work.endswith("32x32")
]
# What each peer has on all cores, of the models' forward and training rows (length changes nothing where all
# sequences are alike), and on one thread.
PEER_ROWS = {
    "torch sorted": [f"{model}-{work}" for model in ("bert", "lstm") for work in ("forward", "train")],
    "torch compiled": [row for row in ROWS if not row.endswith("query")],
    "onnxruntime": ["tokenize"] + [row for row in ROWS if row.startswith("bert") and "train" not in row],
}
ONE_THREAD = {"bench": ROWS + ["tokenize"], "torch": ROWS}
OTHER_TARGETS = {
    ("onnxruntime", "bert-forward", 2): 1.7, ("onnxruntime", "bert-forward-32x32", 2): 1.0,
    ("tokenizers", "tokenize", 1): 3.0,
}


def run(command):
    """JSON lines of one process, and its peak resident memory in MiB."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=output, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        output.seek(0)
        errors.seek(0)
        if os.waitstatus_to_exitcode(status) != 0:
            print(f"{' '.join(command[:3])} failed:\n{errors.read()[-2000:]}", file=sys.stderr)
        return [json.loads(line) for line in output if line.startswith("{")], usage.ru_maxrss / 1024


def interval(values):
    """Order statistics that enclose the median with at least 95 %, or None for fewer than 6 values."""
    n, best = len(values), None
    for k in range(1, n // 2 + 1):
        outside = 2 * sum(math.comb(n, i) for i in range(k)) / 2**n
        if outside <= 0.05:
            best = k
    return (sorted(values)[best - 1], sorted(values)[n - best]) if best else None


def collect(options, sides):
    """(side, row, threads) -> a time a round; errors by the same key."""
    times, peers, errors = {}, {}, {}
    kept = {}
    if options.samples and os.path.exists(options.samples):
        with open(options.samples, encoding="utf-8") as file:
            for line in file:
                sample = json.loads(line)
                kept[sample["round"], sample["side"], sample["threads"]] = sample["rows"]
    for number in range(options.rounds):
        turn = number % len(sides)
        for side in sides[turn:] + sides[:turn]:
            for threads in options.threads:
                names = wanted(options, side["name"], threads)
                if not names:
                    continue
                rows = kept.get((number, side["name"], threads))
                if rows is None:
                    rows, _ = run(side["command"] + ["--threads", str(threads), "--only", *names])
                    if options.samples:
                        with open(options.samples, "a", encoding="utf-8") as file:
                            sample = {"round": number, "side": side["name"], "threads": threads, "rows": rows}
                            file.write(json.dumps(sample) + "\n")
                for row in rows:
                    key = (side["name"], row["work"], row["threads"])
                    if "error" in row:
                        errors[key] = row["error"]
                        continue
                    mean = row.get("mean_ms") or statistics.mean(row["samples_ms"])
                    times.setdefault(key, []).append({"median": row["median_ms"], "mean": mean, **row})
                    peers[side["name"]] = row["peer"]
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    return times, peers, errors


def wanted(options, side, threads):
    """Names of the rows that one side measures on so many threads."""
    names = options.only or [
        row for row in ["tokenize"] + ROWS
        if threads > 1 or (row, 1) in TARGETS or any(key[1:] == (row, 1) for key in OTHER_TARGETS)]
    if side != "bench":
        names = [name for name in names if name in PEER_ROWS.get(side, ROWS)]
    return names if options.only or threads > 1 else [name for name in names if name in ONE_THREAD.get(side, [])]


def milliseconds(times):
    middle = statistics.median(times)
    return f"{middle:.1f}" if middle >= 10 else f"{middle:.3g}"


def table(times, peers, sides):
    rows = sorted({key[1:] for key in times if key[0] == "bench"}, key=lambda key: (key[1], key[0]))
    others = [side["name"] for side in sides if side["name"] != "bench"]
    head = ["row", "threads", "bench ms", "GFLOP/s", "of peak"]
    head += [text for name in others for text in (f"{peers.get(name, name)} ms", "× (95 %)")] + ["fastest", "target"]
    lines = ["| " + " | ".join(head) + " |", "|:---|" + "---:|" * (len(head) - 1)]
    missed = []
    for work, threads in rows:
        ours = times[("bench", work, threads)]
        cells = [f"`{work}`", f"{threads}", f"{milliseconds(r['median'] for r in ours)}"]
        cells += [f"{statistics.median(r['gflops'] for r in ours):.0f}", f"{statistics.median(r['peak_share'] for r in ours) * 100:.0f} %"] if "gflops" in ours[0] else ["", ""]
        fastest = ("bench", statistics.median(r["median"] for r in ours))
        verdict = ""
        for name in others:
            theirs = times.get((name, work, threads))
            if not theirs:
                cells += ["", ""]
                continue
            kind = "mean" if name == "torch sorted" else "median"
            ratios = [b[kind] / a[kind] for a, b in zip(ours, theirs)]
            middle, bounds = statistics.median(ratios), interval(ratios)
            cells.append(milliseconds(r[kind] for r in theirs))
            cells.append(f"{middle:.2f}" + (f" ({bounds[0]:.2f}–{bounds[1]:.2f})" if bounds else ""))
            their_time = statistics.median(r[kind] for r in theirs)
            if their_time < fastest[1]:
                fastest = (name, their_time)
            target = TARGETS.get((work, threads)) if name == "torch" else OTHER_TARGETS.get((name, work, threads))
            if target:
                met = middle >= target
                verdict += ("; " if verdict else "") + f"{'' if name == 'torch' else name + ' '}{target} {'met' if met else 'missed'}"
                if not met:
                    missed.append(f"{work} on {threads} threads: {middle:.2f} of {target} against {name}")
        lines.append("| " + " | ".join(cells + [f"**{fastest[0]}**", verdict]) + " |")
    return lines, missed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", required=True)
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--texts", required=True)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--batches", type=int, default=7)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--only", nargs="*", default=[], help="rows of `bench speed`; all that a peer has without it")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--samples")
    parser.add_argument("--document")
    options = parser.parse_args()
    common = ["--rounds", str(options.batches)]
    ours = [options.bench, "speed", "--json", "--checkpoint", options.checkpoint, "--text", options.texts, *common]
    torch = [sys.executable, os.path.join(HERE, "torch_speed.py"), options.checkpoint, options.texts, *common]
    folder = tempfile.TemporaryDirectory()
    onnx = [sys.executable, os.path.join(HERE, "onnx_speed.py"), options.checkpoint, options.texts, *common,
            "--model", os.path.join(folder.name, "bert.onnx")]
    sides = [
        {"name": "bench", "command": ours}, {"name": "torch", "command": torch},
        {"name": "torch sorted", "command": torch + ["--sorted"]},
        {"name": "torch compiled", "command": torch + ["--compile"]},
        {"name": "onnxruntime", "command": onnx},
    ]
    sides = [side for side in sides if side["name"] == "bench" or side["name"] in options.peers]
    times, peers, errors = collect(options, sides)
    # The tokenizers' row comes from the ONNX script.
    for key in [key for key in times if key[0] == "onnxruntime" and key[1] == "tokenize"]:
        times[("tokenizers",) + key[1:]] = times.pop(key)
    sides.append({"name": "tokenizers"})
    peers["onnxruntime"] = next((r["peer"] for k, v in times.items() if k[0] == "onnxruntime" for r in v), "onnxruntime")
    peers["tokenizers"] = next((r["peer"] for k, v in times.items() if k[0] == "tokenizers" for r in v), "tokenizers")

    lines, missed = table(times, peers, sides)
    memory = {name: run(command + ["--threads", "2", "--only", "bert-train"])[1]
              for name, command in (("bench", ours), ("torch", torch)) if name in peers}
    if len(memory) == 2:
        lines += ["", f"- Peak resident memory on `bert-train`, libraries included: bench {memory['bench']:.0f} MiB, "
              f"torch {memory['torch']:.0f} MiB ({memory['torch'] / memory['bench']:.2f} ×)."]
    for model in ("bert", "lstm"):
        one, two = times.get(("bench", f"{model}-train", 1)), times.get(("bench", f"{model}-train", 2))
        if one and two:
            gain = statistics.median(a["median"] / b["median"] for a, b in zip(one, two))
            lines.append(f"- `{model}-train`: two threads give {gain:.2f} times one thread.")
    lines += [f"- Below target: {text}." for text in missed]
    lines += [f"- `{key[1]}` does not run with {key[0]}: {text}." for key, text in sorted(errors.items())]
    print("\n".join(lines))
    if options.document:
        with open(options.document, encoding="utf-8") as file:
            text = file.read()
        start, end = "<!-- speed -->", "<!-- /speed -->"
        before, after = text[: text.index(start) + len(start)], text[text.index(end):]
        with open(options.document, "w", encoding="utf-8") as file:
            file.write(before + "\n" + "\n".join(lines) + "\n" + after)
    folder.cleanup()


if __name__ == "__main__":
    main()
