#!/usr/bin/env python3
"""scikit-learn's twin of the models of n-grams on a corpus with an official test file, as JSON lines.

usage: banking77_tfidf.py --train train.csv --test test.csv [--model KIND] [--c 10] [--word 1 2] [--character 2 5] ...
needs: pip install scikit-learn

Fitted on all training rows (the baseline has no use for validation rows) unless --split names others: a JSON file
{"train": [row, ...], ...} of rows of the training file, counted from 0.
KIND: tfidf-logistic, naive-bayes, complement (naive Bayes), linear-svm (LIBLINEAR), neighbours (nearest by cosine),
random-forest.
One line: {"peer", "model", "accuracy", "f1_macro", "features", "train_rows", "test_rows", "iterations", "objective",
"seconds", "fit_seconds", "answer_seconds"}; the last two without counting n-grams. --predictions FILE keeps each test row's answer.
"""
import argparse
import csv
import json
import time
import unicodedata

import numpy
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", required=True, help="CSV with the training rows")
    parser.add_argument("--test", required=True, help="CSV with the test rows")
    parser.add_argument("--model", default="tfidf-logistic",
                        choices=[
                            "tfidf-logistic", "naive-bayes", "complement", "linear-svm", "neighbours", "random-forest"])
    parser.add_argument("--predictions", help="file for the answers, a line each")
    parser.add_argument("--alpha", type=float, default=1.0, help="added to every count of naive Bayes")
    parser.add_argument("--neighbours", type=int, default=15)
    parser.add_argument("--weights", default="distance", choices=["uniform", "distance"], help="of neighbours")
    parser.add_argument("--trees", type=int, default=300, help="of the forest")
    parser.add_argument("--seed", type=int, default=1, help="of the forest")
    parser.add_argument("--counts", action="store_true", help="plain counts in place of TF-IDF")
    parser.add_argument("--threads", type=int, default=1, help="of models that can use several")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="of the SVM")
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


def hinge(model, features, labels, c):
    """The sum over the classes of ½ ‖(w, b)‖² + C Σ max(0, 1 − y (w x + b))²."""
    scores = features @ model.coef_.T + model.intercept_
    sides = numpy.where(numpy.array(labels)[:, None] == model.classes_, 1.0, -1.0)
    length = (numpy.sum(model.coef_ ** 2) + numpy.sum(model.intercept_ ** 2)) / 2
    return float(length + c * numpy.sum(numpy.maximum(0, 1 - sides * scores) ** 2))


def ngrams(options):
    """Word and character n-grams, weighted by TF-IDF; each block has rows of length 1 by itself."""
    kind, common = CountVectorizer, dict(lowercase=False, min_df=options.minimum_documents)
    if not getattr(options, "counts", False):
        kind, common = TfidfVectorizer, dict(sublinear_tf=not options.no_sublinear, **common)
    parts = []
    if options.word[1] > 0:
        parts.append(("word", kind(analyzer="word", ngram_range=tuple(options.word), **common)))
    if options.character[1] > 0:
        parts.append(("character", kind(analyzer="char_wb", ngram_range=tuple(options.character), **common)))
    return FeatureUnion(parts)


def main():
    options = arguments()
    texts, labels = read(options.train, options.text, options.label)
    test_texts, test_labels = read(options.test, options.text, options.label)
    if options.split:
        with open(options.split) as file:
            rows = json.load(file)["train"]
        texts, labels = [texts[row] for row in rows], [labels[row] for row in rows]
    start = time.perf_counter()
    vectorizer = ngrams(options)
    model = {
        "tfidf-logistic": lambda: LogisticRegression(C=options.c, max_iter=options.iterations),
        "naive-bayes": lambda: MultinomialNB(alpha=options.alpha),
        "complement": lambda: ComplementNB(alpha=options.alpha),
        "linear-svm": lambda: LinearSVC(C=options.c, dual=True, tol=options.tolerance, max_iter=1000, random_state=1),
        "neighbours": lambda: KNeighborsClassifier(
            options.neighbours, weights=options.weights, metric="cosine", n_jobs=options.threads),
        "random-forest": lambda: RandomForestClassifier(
            options.trees, n_jobs=options.threads, random_state=options.seed),
    }[options.model]()
    features = vectorizer.fit_transform(texts)
    fit = time.perf_counter()
    model.fit(features, labels)
    fit_seconds = time.perf_counter() - fit
    test_features = vectorizer.transform(test_texts)
    answer = time.perf_counter()
    predictions = model.predict(test_features)
    answer_seconds = time.perf_counter() - answer
    if options.predictions:
        with open(options.predictions, "w", encoding="utf-8") as file:
            file.writelines(f"{answer}\n" for answer in predictions)
    print(json.dumps({
        "peer": f"scikit-learn {sklearn.__version__}",
        "accuracy": accuracy_score(test_labels, predictions),
        "f1_macro": f1_score(test_labels, predictions, average="macro", zero_division=0),
        "features": features.shape[1],
        "train_rows": len(texts),
        "test_rows": len(test_texts),
        "model": options.model,
        "iterations": int(numpy.max(model.n_iter_)) if hasattr(model, "n_iter_") else None,
        "objective": hinge(model, features, labels, options.c) if options.model == "linear-svm" else None,
        "seconds": round(time.perf_counter() - start, 1),
        "fit_seconds": round(fit_seconds, 2),
        "answer_seconds": round(answer_seconds, 2),
    }))


if __name__ == "__main__":
    main()
