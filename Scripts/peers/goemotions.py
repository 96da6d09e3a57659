#!/usr/bin/env python3
"""scikit-learn's and PyTorch's twins of the models of several labels a text on GoEmotions, as JSON lines.

usage: goemotions.py --data Data/goemotions [--model tfidf] [--c 1] [--tolerance 1e-4] [--word 1 2] [--character 2 5] ...
       goemotions.py --data Data/goemotions --model minilm --checkpoint Models/all-MiniLM-L6-v2 [--seeds 1 2 3] ...
needs: pip install scikit-learn; for minilm torch and transformers too

Fitted on train.tsv, all of it. The threshold, one for all labels, has the best micro-F1 on dev.tsv of those that bench
tries (Sources/Tasks/MultiLabel/LabelThreshold.swift; of equals the nearest to one half); scores are those on test.tsv.

tfidf: n-grams as in banking77_tfidf.py into one logistic regression a label. One line: {"peer", "model", the scores,
"threshold", "validation" (micro-F1 on dev.tsv), "features", the rows, "iterations" (the most of a label), "converged"
(labels that were before the limit), "seconds", "fit_seconds"}; `fit_seconds` without counting n-grams.
minilm: the encoder of banking77_bert.py under one sigmoid a label; the mean of the labels' cross-entropies, the last
epoch's weights. A line for each seed and one of the means.
"""
import argparse
import json
import math
import pathlib
import random
import sys
import time
import unicodedata
import warnings

import numpy
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, label_ranking_average_precision_score
from sklearn.multiclass import OneVsRestClassifier

from banking77_tfidf import ngrams

CANDIDATES = numpy.array(
    [0.001, 0.002, 0.005, 0.01, 0.02] + [numpy.float32(i) / 20 for i in range(1, 20)], numpy.float32)
HALF = numpy.float32(0.5)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder with train.tsv, dev.tsv, test.tsv and labels.txt")
    parser.add_argument("--model", choices=["tfidf", "minilm"], default="tfidf")
    parser.add_argument("--rows", type=int, help="trains on the first rows alone")
    add_ngrams(parser)
    parser.add_argument("--c", type=float, default=1.0, help="inverse of the L2 penalty's weight")
    parser.add_argument("--iterations", type=int, default=1000, help="limit on L-BFGS iterations")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest gradient element of the mean loss")
    parser.add_argument("--checkpoint", help="folder of the checkpoint; from here on for minilm")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--maximum-tokens", type=int, default=48)
    parser.add_argument("--pooling", choices=["mean", "cls"], default="mean")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-4, help="highest learning rate")
    parser.add_argument("--schedule", choices=["linear", "cosine", "constant"], default="linear")
    parser.add_argument("--warmup", type=float, default=0.1, help="share of all steps")
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--clip", type=float, default=1.0, help="largest gradient norm")
    parser.add_argument("--order", choices=["grouped", "shuffled"], default="grouped",
                        help="batches of similar length from pools of 50 batches, or plainly shuffled")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.model == "minilm" and not options.checkpoint:
        parser.error("--model minilm needs --checkpoint")
    return options


def add_ngrams(parser):
    parser.add_argument("--word", type=int, nargs=2, default=[1, 2],
                        help="smallest and largest word n-gram; 0 0 for none")
    parser.add_argument("--character", type=int, nargs=2, default=[2, 5], help="the same for characters inside words")
    parser.add_argument("--minimum-documents", type=int, default=2)
    parser.add_argument("--no-sublinear", action="store_true", help="tf in place of 1 + log(tf)")


def prepared(texts):
    return [" ".join(unicodedata.normalize("NFC", text).lower().split()) for text in texts]


def read(path, labels, rows=None):
    """Texts, and what is true of them as 0 and 1, `[rows, labels]`. Quotes are letters, and lines end in LF alone."""
    lines = pathlib.Path(path).read_bytes().decode("utf-8").split("\n")
    lines = [line.split("\t") for line in lines if line][:rows]
    truth = numpy.zeros((len(lines), labels), dtype=int)
    for row, line in enumerate(lines):
        truth[row, [int(label) for label in line[1].split(",")]] = 1
    return [line[0] for line in lines], truth


def micro(truth, answers):
    return f1_score(truth, answers, average="micro", zero_division=0)


def best_threshold(truth, probabilities):
    best = None
    for threshold in sorted(CANDIDATES, key=lambda value: abs(value - HALF)):
        score = micro(truth, probabilities >= threshold)
        if best is None or score > best[1]:
            best = threshold, score
    return best


def scores(truths, probabilities):
    """On the test rows, of probabilities of the validation rows and of them."""
    validation, test = (values.astype(numpy.float32) for values in probabilities)
    threshold, chosen = best_threshold(truths[0], validation)
    truth, answers = truths[1], (test >= threshold).astype(int)
    return {
        "f1_micro": micro(truth, answers),
        "f1_macro": f1_score(truth, answers, average="macro", zero_division=0),
        "f1_samples": f1_score(truth, answers, average="samples", zero_division=0),
        "subset_accuracy": accuracy_score(truth, answers),
        "ranking_ap": label_ranking_average_precision_score(truth, test),
        "threshold": float(str(threshold)), "validation": chosen,
    }


def tfidf(options, parts):
    (texts, truth), *others = parts
    start = time.perf_counter()
    vectorizer = ngrams(options)
    features = vectorizer.fit_transform(prepared(texts))
    fit = time.perf_counter()
    model = OneVsRestClassifier(LogisticRegression(C=options.c, max_iter=options.iterations, tol=options.tolerance))
    with warnings.catch_warnings():
        # Said by "converged".
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(features, truth)
    fit_seconds = time.perf_counter() - fit
    probabilities = [model.predict_proba(vectorizer.transform(prepared(texts))) for texts, _ in others]
    iterations = [int(one.n_iter_[0]) for one in model.estimators_]
    print(json.dumps({
        "peer": f"scikit-learn {sklearn.__version__}", "model": "tfidf-logistic",
        **scores([truth for _, truth in others], probabilities), "c": options.c, "tolerance": options.tolerance,
        "features": features.shape[1], **rows_of(parts), "iterations": max(iterations),
        "converged": sum(count < options.iterations for count in iterations),
        "seconds": round(time.perf_counter() - start, 1), "fit_seconds": round(fit_seconds, 2)}), flush=True)


def rows_of(parts):
    return {f"{name}_rows": len(texts) for name, (texts, _) in zip(("train", "validation", "test"), parts)}


def minilm(options, parts):
    import torch
    from torch import nn
    from transformers import AutoTokenizer, __version__ as transformers_version

    from banking77_bert import Classifier, adamw
    from banking77_networks import epoch_batches, pad, rate_factor

    @torch.no_grad()
    def probabilities(model, sequences):
        model.eval()
        order = sorted(range(len(sequences)), key=lambda row: len(sequences[row]))
        values = numpy.zeros((len(sequences), labels), numpy.float32)
        for start in range(0, len(order), 64):
            rows = order[start:start + 64]
            values[rows] = torch.sigmoid(model(*pad([sequences[row] for row in rows]))).numpy()
        return values

    def train(seed):
        torch.manual_seed(seed)
        generator = random.Random(seed)
        model = Classifier(options, labels)

        optimiser = adamw(model, options)
        steps = math.ceil(len(sequences) / options.batch)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate_factor(options, options.epochs * steps))
        start = time.perf_counter()
        for epoch in range(1, options.epochs + 1):
            model.train()
            losses = 0.0
            for step, rows in enumerate(epoch_batches(lengths, options, generator), 1):
                optimiser.zero_grad()
                outputs = model(*pad([sequences[row] for row in rows]))
                loss = nn.functional.binary_cross_entropy_with_logits(outputs, targets[rows])
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), options.clip)
                optimiser.step()
                schedule.step()
                losses += loss.item() * len(rows)
                if step % 100 == 0:
                    print(f"seed {seed} epoch {epoch}: step {step} of {steps}, {time.perf_counter() - start:.0f} s",
                          file=sys.stderr, flush=True)
            print(f"seed {seed} epoch {epoch}: loss {losses / len(sequences):.5f}", file=sys.stderr, flush=True)
        seconds = time.perf_counter() - start
        return {
            "peer": f"torch {torch.__version__}, transformers {transformers_version}", "model": "minilm", "seed": seed,
            **scores([truth for _, truth in parts[1:]], [probabilities(model, own) for own in encoded[1:]]),
            "epochs": options.epochs, **rows_of(parts), "seconds": round(seconds, 1)}

    torch.set_num_threads(options.threads)
    tokenizer = AutoTokenizer.from_pretrained(options.checkpoint)
    encoded = [tokenizer(texts, truncation=True, max_length=options.maximum_tokens, padding=False)["input_ids"]
               for texts, _ in parts]
    sequences = encoded[0]
    lengths = [len(ids) for ids in sequences]
    targets = torch.tensor(parts[0][1], dtype=torch.float32)
    labels = targets.shape[1]
    results = []
    for seed in options.seeds:
        results.append(train(seed))
        print(json.dumps(results[-1]), flush=True)
    print(json.dumps({
        "peer": results[0]["peer"], "model": "minilm", "seeds": options.seeds,
        **{key: sum(result[key] for result in results) / len(results)
           for key in ("f1_micro", "f1_macro", "f1_samples", "subset_accuracy", "ranking_ap", "seconds")}}))


def main():
    options = arguments()
    folder = pathlib.Path(options.data)
    labels = len((folder / "labels.txt").read_text(encoding="utf-8").split())
    parts = [read(folder / f"{part}.tsv", labels, options.rows if part == "train" else None)
             for part in ("train", "dev", "test")]
    {"tfidf": tfidf, "minilm": minilm}[options.model](options, parts)


if __name__ == "__main__":
    main()
