#!/usr/bin/env python3
"""scikit-learn's twin of the `tfidf-logistic` baseline on a corpus with an official test file, as JSON lines.

usage: banking77_tfidf.py --train train.csv --test test.csv [--c 10] [--word 1 2] [--character 2 5] ...
needs: pip install scikit-learn

Fitted on all training rows (the baseline has no use for validation rows) unless --split names others: a JSON file
{"train": [row, ...], ...} of rows of the training file, counted from 0.
One line: {"peer", "accuracy", "f1_macro", "features", "train_rows", "test_rows", "iterations", "seconds"}.
"""
import argparse
import csv
import json
import time
import unicodedata

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import FeatureUnion


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", required=True, help="CSV with the training rows")
    parser.add_argument("--test", required=True, help="CSV with the test rows")
    parser.add_argument("--split", help="JSON with the training rows to use; all without it")
    parser.add_argument("--text", default="text", help="column of the text")
    parser.add_argument("--label", default="category", help="column of the label")
    parser.add_argument("--word", type=int, nargs=2, default=[1, 2],
                        help="smallest and largest word n-gram; 0 0 for none")
    parser.add_argument("--character", type=int, nargs=2, default=[2, 5], help="the same for characters inside words")
    parser.add_argument("--minimum-documents", type=int, default=2)
    parser.add_argument("--no-sublinear", action="store_true", help="tf in place of 1 + log(tf)")
    parser.add_argument("--c", type=float, default=10.0, help="inverse of the L2 penalty's weight")
    parser.add_argument("--iterations", type=int, default=200, help="limit on L-BFGS iterations")
    return parser.parse_args()


def read(path, text, label):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [" ".join(unicodedata.normalize("NFC", row[text]).lower().split()) for row in rows]
    return texts, [row[label] for row in rows]


def main():
    options = arguments()
    texts, labels = read(options.train, options.text, options.label)
    test_texts, test_labels = read(options.test, options.text, options.label)
    if options.split:
        with open(options.split) as file:
            rows = json.load(file)["train"]
        texts, labels = [texts[row] for row in rows], [labels[row] for row in rows]
    start = time.perf_counter()
    common = dict(lowercase=False, min_df=options.minimum_documents, sublinear_tf=not options.no_sublinear)
    parts = []
    if options.word[1] > 0:
        parts.append(("word", TfidfVectorizer(analyzer="word", ngram_range=tuple(options.word), **common)))
    if options.character[1] > 0:
        parts.append(("character", TfidfVectorizer(analyzer="char_wb", ngram_range=tuple(options.character), **common)))
    vectorizer = FeatureUnion(parts)
    model = LogisticRegression(C=options.c, max_iter=options.iterations)
    features = vectorizer.fit_transform(texts)
    model.fit(features, labels)
    predictions = model.predict(vectorizer.transform(test_texts))
    print(json.dumps({
        "peer": f"scikit-learn {sklearn.__version__}",
        "accuracy": accuracy_score(test_labels, predictions),
        "f1_macro": f1_score(test_labels, predictions, average="macro", zero_division=0),
        "features": features.shape[1],
        "train_rows": len(texts),
        "test_rows": len(test_texts),
        "iterations": int(model.n_iter_.max()),
        "seconds": round(time.perf_counter() - start, 1),
    }))


if __name__ == "__main__":
    main()
