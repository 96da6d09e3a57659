#!/usr/bin/env python3
"""LightGBM's or scikit-learn's twin of models of tables on a CSV with a label of two values, as JSON lines.

usage: table_boosting.py --data table.csv --label COLUMN --positive VALUE [--model lightgbm] [--drop COLUMN ...] ...
needs: pip install lightgbm scikit-learn pandas

--model: lightgbm; forest, logistic (scikit-learn's, on categories as columns of their own). A column whose cells, but for
blank ones, are numbers is one of numbers unless --categories names it; every other one holds categories. Blank cells are
missing. Folds are stratified and drawn by --seed, or are those of --folds-file: a fold's number a line, row by row.

One line: {"peer", "model", "rows", "columns", "auc" (the mean over the folds), "aucs", "log_loss", "fit_seconds" and
"answer_seconds" (of all folds together), "fit_processor_seconds", "threads"}. --predictions FILE keeps each row's
probability, a line each, by the model that did not learn from it.
"""
import argparse
import json
import time

import lightgbm
import numpy
import pandas
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="CSV with a header")
    parser.add_argument("--label", required=True, help="column of the label")
    parser.add_argument("--positive", required=True, help="the label's value that is to be found; all others are not")
    parser.add_argument("--drop", nargs="*", default=[], help="columns that are not looked at")
    parser.add_argument("--categories", nargs="*", default=[], help="columns of numbers that are categories")
    parser.add_argument("--model", default="lightgbm", choices=["lightgbm", "forest", "logistic"])
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--folds-file", help="the fold of each row")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=100, help="trees")
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--leaves", type=int, default=31)
    parser.add_argument("--depth", type=int, default=-1)
    parser.add_argument("--minimum-leaf", type=int, default=20)
    parser.add_argument("--l2", type=float, default=0.0)
    parser.add_argument("--bins", type=int, default=255)
    parser.add_argument("--predictions", help="file for the probabilities")
    return parser.parse_args()


def table(options):
    """Numbers, codes from 0 in the order of the categories, NaN where missing; which columns are categories; labels."""
    data = pandas.read_csv(options.data, dtype=str, keep_default_na=False)
    labels = (data.pop(options.label) == options.positive).to_numpy().astype(int)
    data = data.drop(columns=options.drop)
    columns, categories = [], []
    for place, name in enumerate(data.columns):
        cells = data[name].str.strip()
        numbers = pandas.to_numeric(cells.where(cells != ""), errors="coerce")
        if name in options.categories or (numbers.isna() & (cells != "")).any():
            codes = cells.where(cells != "").astype("category").cat.codes
            columns.append(numpy.where(codes < 0, numpy.nan, codes))
            categories.append(place)
        else:
            columns.append(numbers.to_numpy(dtype=float))
    return numpy.stack(columns, axis=1), categories, labels


def fit(options, rows, categories, labels):
    if options.model == "lightgbm":
        settings = {
            "objective": "binary", "learning_rate": options.learning_rate, "num_leaves": options.leaves,
            "max_depth": options.depth, "min_data_in_leaf": options.minimum_leaf, "lambda_l2": options.l2,
            "max_bin": options.bins, "num_threads": options.threads, "deterministic": True, "force_row_wise": True,
            "verbose": -1, "seed": options.seed,
        }
        data = lightgbm.Dataset(rows, labels, categorical_feature=categories, params=settings)
        return lightgbm.train(settings, data, options.rounds)
    if options.model == "forest":
        return RandomForestClassifier(
            options.rounds, min_samples_leaf=options.minimum_leaf, n_jobs=options.threads, random_state=options.seed,
        ).fit(rows, labels)
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(rows, labels)


def spread(rows, categories):
    """A column of 0 and 1 for each category; what is missing is −1 among numbers, and no category."""
    parts = []
    for place in range(rows.shape[1]):
        column = rows[:, place]
        if place in categories:
            parts += [(column == code).astype(float) for code in range(int(numpy.nanmax(column)) + 1)]
        else:
            parts.append(numpy.nan_to_num(column, nan=-1))
    return numpy.stack(parts, axis=1)


def main():
    options = arguments()
    rows, categories, labels = table(options)
    width = rows.shape[1]
    if options.model != "lightgbm":
        rows = spread(rows, categories)
    if options.folds_file:
        folds = numpy.loadtxt(options.folds_file, dtype=int)
    else:
        folds = numpy.empty(len(labels), dtype=int)
        splitter = StratifiedKFold(options.folds, shuffle=True, random_state=options.seed)
        for fold, (_, test) in enumerate(splitter.split(rows, labels)):
            folds[test] = fold
    aucs, answers, fit_seconds, processor, answer_seconds = [], numpy.empty(len(labels)), 0, 0, 0
    for fold in range(folds.max() + 1):
        test = folds == fold
        start, busy = time.perf_counter(), time.process_time()
        model = fit(options, rows[~test], categories, labels[~test])
        fit_seconds += time.perf_counter() - start
        processor += time.process_time() - busy
        start = time.perf_counter()
        if options.model == "lightgbm":
            answers[test] = model.predict(rows[test], num_threads=options.threads)
        else:
            answers[test] = model.predict_proba(rows[test])[:, 1]
        answer_seconds += time.perf_counter() - start
        aucs.append(float(roc_auc_score(labels[test], answers[test])))
    if options.predictions:
        numpy.savetxt(options.predictions, answers, fmt="%.9g")
    print(json.dumps({
        "peer": f"LightGBM {lightgbm.__version__}" if options.model == "lightgbm" else f"scikit-learn {sklearn.__version__}",
        "model": options.model, "rows": len(labels), "columns": width, "auc": float(numpy.mean(aucs)), "aucs": aucs,
        "log_loss": float(log_loss(labels, answers)), "fit_seconds": round(fit_seconds, 3),
        "fit_processor_seconds": round(processor, 3), "answer_seconds": round(answer_seconds, 3),
        "threads": options.threads,
    }))


if __name__ == "__main__":
    main()
