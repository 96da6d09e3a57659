#!/usr/bin/env python3
"""Whether a run of bench and a peer give the same scores: two one-sided tests (Schuirmann 1987) on the means over seeds.

usage: equivalence.py --run Results/banking77-pretrained --model minilm --peer peer.jsonl [--margin 0.7]
needs: pip install scipy

--peer names the JSON lines that a script of this folder printed. Welch's t with its degrees of freedom; equivalent where
the 90 % interval of the difference lies inside ± margin points, which is both one-sided tests at 5 %.
"""
import argparse
import csv
import json
import math
import statistics

from scipy import stats


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True, help="folder of a run's results")
    parser.add_argument("--model", required=True, help="the model's name in the run")
    parser.add_argument("--peer", required=True, help="JSON lines of the peer")
    parser.add_argument("--protocol", default="official")
    parser.add_argument("--metric", choices=["accuracy", "f1_macro"], default="accuracy")
    parser.add_argument("--margin", type=float, default=0.7, help="points")
    options = parser.parse_args()
    with open(f"{options.run}/trials.csv", newline="") as file:
        ours = {row["seed"]: 100 * float(row[options.metric]) for row in csv.DictReader(file)
                if row["model"] == options.model and row["protocol"] == options.protocol and row["status"] == "ok"}
    with open(options.peer) as file:
        lines = [json.loads(line) for line in file if line.startswith("{")]
    theirs = {str(line["seed"]): 100 * line[options.metric] for line in lines if "seed" in line}
    for name, scores in (("bench", ours), ("peer", theirs)):
        if len(scores) < 2:
            raise SystemExit(f"{name}: {len(scores)} seeds, at least 2 are needed")
        print(f"{name}: {statistics.mean(scores.values()):.2f} ± {statistics.stdev(scores.values()):.2f} over seeds "
              + ", ".join(f"{seed}: {score:.2f}" for seed, score in sorted(scores.items(), key=lambda i: int(i[0]))))
    a, b = list(ours.values()), list(theirs.values())
    difference = statistics.mean(a) - statistics.mean(b)
    va, vb = statistics.variance(a) / len(a), statistics.variance(b) / len(b)
    error = math.sqrt(va + vb)
    if error == 0:
        raise SystemExit("no variance on either side: nothing to test")
    freedom = (va + vb) ** 2 / (va ** 2 / (len(a) - 1) + vb ** 2 / (len(b) - 1))
    lower = stats.t.sf((difference + options.margin) / error, freedom)
    upper = stats.t.cdf((difference - options.margin) / error, freedom)
    reach = stats.t.ppf(0.95, freedom) * error
    verdict = "equivalent" if max(lower, upper) < 0.05 else "not shown to be equivalent"
    print(f"difference {difference:+.2f} points, 90 % interval {difference - reach:+.2f} to {difference + reach:+.2f}, "
          f"margin ±{options.margin}: {verdict} (p = {max(lower, upper):.4f}, {freedom:.1f} degrees of freedom)")


if __name__ == "__main__":
    main()
