#!/usr/bin/env python3
"""Compares the answers of a folder that `bench export` wrote, given by its own bench_model.py, with bench's.

usage: check_export.py MODEL FOLDER TEXTS [--bench .build/debug/bench] [--tolerance T]
         MODEL: Results/NAME.fits/FIT-KEY.model, FOLDER: what `bench export MODEL FOLDER` wrote, TEXTS: a text a line
needs: pip install torch transformers for bert and bert-lstm, pip install numpy for tfidf-logistic and lstm

`bench predict MODEL TEXTS` gives probabilities, and so does bench_model.py from the raw texts. Those of a transformer are
compared by their logarithms (T is 1e-4 by default), those of tfidf-logistic and lstm as they are (1e-5). A text that
bench_model.py does not prepare (HTML or links of `clean`; see `bench_text` in config.json) is left out, and counted. Then
Transformers' AutoModelForSequenceClassification is asked to read a transformer's folder: it must give the same logits, or
fail, and with trust_remote_code it must give them. Exit code 0: all agree, 1: not all.
"""
import argparse
import importlib.util
import json
import math
import pathlib
import subprocess
import sys


def loaded(folder):
    spec = importlib.util.spec_from_file_location("bench_model", folder / "bench_model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def transformers_agrees(folder, loader, model, texts):
    """None, or what is wrong."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    own = model.network.config.model_type.startswith("bench-")
    for trust in [False, True]:
        try:
            network = AutoModelForSequenceClassification.from_pretrained(folder, trust_remote_code=trust).eval()
        except (ValueError, OSError) as error:
            if own and not trust:
                continue
            return f"AutoModelForSequenceClassification, trust_remote_code={trust}: {error}"
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=trust)
        for text in texts:
            for step in model.steps:
                text = loader.STEPS[step](text)
            with torch.no_grad():
                logits = network(**tokenizer(text, truncation=True, return_tensors="pt")).logits[0]
            # Steps twice over change nothing more.
            difference = (logits - model.logits(text)).abs().max().item()
            if not difference < 1e-5:
                return f"AutoModelForSequenceClassification, trust_remote_code={trust}: differs by {difference:.2e}"
        # More than ten classes stand in the order of their numbers.
        if list(network.config.id2label.values()) != model.labels:
            return "id2label is not in the order of the classes"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="a model that a run kept")
    parser.add_argument("folder", type=pathlib.Path, help="what bench export wrote of it")
    parser.add_argument("texts", type=pathlib.Path, help="a text a line")
    parser.add_argument("--bench", default=".build/debug/bench", help="the program")
    parser.add_argument("--tolerance", type=float, help="largest difference that counts as none")
    options = parser.parse_args()
    is_transformer = "bench_model" not in json.loads((options.folder / "config.json").read_text(encoding="utf-8"))
    tolerance = options.tolerance or (1e-4 if is_transformer else 1e-5)
    compared_as = math.log if is_transformer else float
    if is_transformer:
        from transformers import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
    answers = subprocess.run(
        [options.bench, "predict", options.model, str(options.texts)], check=True, capture_output=True,
        text=True).stdout
    texts = options.texts.read_text(encoding="utf-8").split("\n")
    rows = [(text, json.loads(line)) for text, line in zip(texts, answers.splitlines())]
    loader = loaded(options.folder)
    model = loader.Model(options.folder)
    worst, wrong, left, compared = 0.0, 0, 0, []
    for text, answer in rows:
        if answer["label"] is None:
            continue
        try:
            probabilities = model.predict([text])[0]["probabilities"]
        except ValueError:
            left += 1
            continue
        compared.append(text)
        difference = max(abs(compared_as(probabilities[name]) - compared_as(value))
                         for name, value in answer["probabilities"].items())
        worst = max(worst, difference)
        if not difference <= tolerance:
            wrong += 1
            print(f"differs by {difference:.2e}: text {len(compared)}")
    problem = transformers_agrees(options.folder, loader, model, compared[:20]) if is_transformer else None
    if problem:
        print(problem)
    print(f"{len(compared)} texts ({left} left out), {len(model.labels)} classes: largest difference of a "
          f"{'log-probability' if is_transformer else 'probability'} {worst:.2e}, beyond {tolerance:g}: {wrong}")
    sys.exit(1 if wrong or problem or not compared else 0)


if __name__ == "__main__":
    main()
