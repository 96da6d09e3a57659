#!/usr/bin/env python3
"""scikit-learn's logistic regression over a checkpoint's sentence vectors, on the rows of each fit of a plan, as JSON lines.

usage: sentence_logistic.py --checkpoint FOLDER --train train.csv --test test.csv --plan plan.json [--model NAME]
needs: pip install torch transformers scikit-learn

The vectors are the means of the last layer's token vectors, of length 1 unless --plain. plan.json is what `bench plan
MANIFEST --json` prints: of each fit of the model the rows to train on.

A line for each fit: {"peer", "fit", "seed", "rows", "accuracy"}, then one with their mean.
"""
import argparse
import csv
import json

import numpy
import sklearn
import torch
from sklearn.linear_model import LogisticRegression
from transformers import AutoModel, AutoTokenizer


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--plan", required=True)
    parser.add_argument("--model", help="of the plan; by default the first")
    parser.add_argument("--text", default="text")
    parser.add_argument("--label", default="category")
    parser.add_argument("--c", type=float, default=1.0)
    parser.add_argument("--maximum-tokens", type=int, default=128)
    parser.add_argument("--plain", action="store_true", help="vectors as they are")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def read(path, options):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row[options.text] for row in rows], [row[options.label] for row in rows]


@torch.no_grad()
def vectors(texts, options):
    tokenizer = AutoTokenizer.from_pretrained(options.checkpoint)
    model = AutoModel.from_pretrained(options.checkpoint).eval()
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    found = numpy.empty((len(texts), model.config.hidden_size), numpy.float32)
    for first in range(0, len(order), 64):
        places = order[first:first + 64]
        batch = tokenizer([texts[place] for place in places], padding=True, truncation=True,
                          max_length=options.maximum_tokens, return_tensors="pt")
        states, mask = model(**batch).last_hidden_state, batch["attention_mask"][:, :, None]
        found[places] = ((states * mask).sum(1) / mask.sum(1)).numpy()
    return found if options.plain else found / numpy.linalg.norm(found, axis=1, keepdims=True)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    (texts, labels), (test_texts, test_labels) = read(options.train, options), read(options.test, options)
    with open(options.plan) as file:
        fits = json.load(file)["fits"]
    model = options.model or fits[0]["model"]
    fits = [fit for fit in fits if fit["model"] == model]
    rows = [[int(name.rsplit(":", 1)[1]) - 1 for name in fit["train"]] for fit in fits]
    needed = sorted({row for fit in rows for row in fit})
    place = {row: at for at, row in enumerate(needed)}
    train, test = vectors([texts[row] for row in needed], options), vectors(test_texts, options)
    accuracies = []
    for fit, own in zip(fits, rows):
        regression = LogisticRegression(C=options.c, max_iter=5000, tol=1e-6)
        regression.fit(train[[place[row] for row in own]], [labels[row] for row in own])
        accuracies.append(float((regression.predict(test) == numpy.array(test_labels)).mean()))
        print(json.dumps({"peer": f"scikit-learn {sklearn.__version__}", "fit": fit["fit"], "seed": fit["seed"],
                          "rows": len(own), "accuracy": accuracies[-1]}), flush=True)
    print(json.dumps({"fits": len(fits), "accuracy": sum(accuracies) / len(accuracies)}))


if __name__ == "__main__":
    main()
