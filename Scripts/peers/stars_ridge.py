#!/usr/bin/env python3
"""scikit-learn's twin of TF-IDF and ridge regression on a CSV of texts with numbers, as JSON lines.

usage: stars_ridge.py --train reviews.csv --split plan.json [--fit .holdout.] [--alpha 1] ...
       stars_ridge.py --train train.csv --test test.csv ...
needs: pip install scikit-learn scipy

The columns' defaults are those of womens_clothing_reviews. --split names what `bench plan MANIFEST --json` prints, whose
rows are file:record from 1, or a JSON file {"train": [row, ...], "test": [row, ...]} of rows of the CSV counted from 0: a
line for each division of it, validation rows left out. Without it all rows of --train train and all of --test test; rows
without a text or a number are left out. N-grams as in banking77_tfidf.py.

One line: {"peer", "model", "fit" (the first of a plan that has the division), "r2", "spearman", "mae", "mse", "alpha",
"tolerance", "features", "train_rows", "test_rows", "objective" (Σ (y − x w − b)² + alpha · ‖w‖²), "seconds",
"fit_seconds"}; `fit_seconds` without counting n-grams. --predictions FILE keeps each test row's answer, a line each, one
division after another.
"""
import argparse
import csv
import json
import time

import numpy
import scipy
import sklearn
from scipy import stats
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

from banking77_tfidf import ngrams
from goemotions import add_ngrams, prepared


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", required=True, help="CSV with the rows, or those of training")
    parser.add_argument("--test", help="CSV with the test rows")
    parser.add_argument("--split", help="JSON with training and test rows of --train")
    parser.add_argument("--fit", default="", help="only fits of the plan whose names contain this")
    parser.add_argument("--text", default="Review Text", help="column of the text")
    parser.add_argument("--label", default="Rating", help="column of the number")
    add_ngrams(parser)
    parser.add_argument("--alpha", type=float, default=1.0, help="weight of the squared length of the weights")
    parser.add_argument("--tolerance", type=float, default=1e-8, help="of conjugate gradients")
    parser.add_argument("--iterations", type=int, default=10_000, help="limit on iterations of conjugate gradients")
    parser.add_argument("--predictions", help="file for the answers")
    options = parser.parse_args()
    if (options.test is None) == (options.split is None):
        parser.error("one of --test and --split is needed")
    return options


def read(path, options):
    """Texts and numbers, None where there is none."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = [row[options.label].strip() for row in rows]
    return [row[options.text] or "" for row in rows], [float(number) if number else None for number in numbers]


def divisions(options):
    """Name, training rows and test rows of each, once."""
    with open(options.split) as file:
        plan = json.load(file)
    if "fits" not in plan:
        return [(None, plan["train"], plan["test"])]
    seen = {}
    for fit in plan["fits"]:
        if options.fit in fit["fit"]:
            rows = [[int(name.rsplit(":", 1)[1]) - 1 for name in fit[part]] for part in ("train", "test")]
            seen.setdefault(json.dumps(rows), (fit["fit"], *rows))
    if not seen:
        raise SystemExit(f"{options.split}: no fit's name contains {options.fit!r}")
    return list(seen.values())


def evaluate(options, name, train, test):
    (texts, numbers), (test_texts, truth) = train, test
    start = time.perf_counter()
    vectorizer = ngrams(options)
    features = vectorizer.fit_transform(prepared(texts))
    fit = time.perf_counter()
    model = Ridge(alpha=options.alpha, solver="sparse_cg", tol=options.tolerance, max_iter=options.iterations)
    model.fit(features, numbers)
    fit_seconds = time.perf_counter() - fit
    answers = model.predict(vectorizer.transform(prepared(test_texts)))
    residual = numpy.array(numbers) - model.predict(features)
    print(json.dumps({
        "peer": f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}", "model": "tfidf-ridge", "fit": name,
        "r2": r2_score(truth, answers), "spearman": float(stats.spearmanr(truth, answers).statistic),
        "mae": mean_absolute_error(truth, answers), "mse": mean_squared_error(truth, answers),
        "alpha": options.alpha, "tolerance": options.tolerance, "features": features.shape[1],
        "train_rows": len(texts), "test_rows": len(test_texts),
        "objective": float(residual @ residual + options.alpha * (model.coef_ @ model.coef_)),
        "seconds": round(time.perf_counter() - start, 1), "fit_seconds": round(fit_seconds, 2)}), flush=True)
    return answers.tolist()


def main():
    options = arguments()

    def chosen(part, rows):
        texts, numbers = part
        return [texts[row] for row in rows], [numbers[row] for row in rows]

    def usable(part):
        return chosen(part, [row for row, (text, number) in enumerate(zip(*part)) if text.strip() and number is not None])

    data = read(options.train, options)
    if options.split:
        parts = [(name, chosen(data, train), chosen(data, test)) for name, train, test in divisions(options)]
    else:
        parts = [(None, usable(data), usable(read(options.test, options)))]
    answers = [answer for name, train, test in parts for answer in evaluate(options, name, train, test)]
    if options.predictions:
        with open(options.predictions, "w", encoding="utf-8") as file:
            file.writelines(f"{answer!r}\n" for answer in answers)


if __name__ == "__main__":
    main()
