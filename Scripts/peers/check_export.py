#!/usr/bin/env python3
"""Reads what `bench export` wrote with Transformers and compares its logits with bench's own answers.

usage: check_export.py MODEL FOLDER TEXTS [--bench .build/debug/bench] [--tolerance 1e-4]
         MODEL: Results/NAME.fits/FIT-KEY.model, FOLDER: what `bench export MODEL FOLDER` wrote, TEXTS: a text a line
needs: pip install torch transformers

`bench predict MODEL TEXTS` gives probabilities, which determine logits but for one constant a text: so both sides are
compared as log-probabilities, the logits less log Σ exp. Every text is tokenized by Transformers from the raw text. What
bench does before its tokenizer (`bench_text` in config.json) is not repeated here: a text that it changes (HTML, links,
anonymising, the capitals of a [MASK] in the text) may rightly differ, so choose texts that it leaves alone.

A BertForSequenceClassification is read as it is. Where the folder says BertModel, the mean of the token vectors
(`bench_pooling`) or PyTorch's LSTM (`bench_head`) is put above it, with the tensors' names as they stand in the file.
Exit code 0: all agree, 1: not all.
"""
import argparse
import json
import pathlib
import subprocess
import sys

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoTokenizer, BertForSequenceClassification, BertModel, logging


class LSTMHead(nn.Module):
    """The LSTM of a bert-lstm with its pooling and classifier, named as in the file."""

    def __init__(self, settings, inputs, classes):
        super().__init__()
        width = settings["hidden"] * (2 if settings["bidirectional"] else 1)
        self.pooling = settings["pooling"]
        self.lstm = nn.LSTM(inputs, settings["hidden"], settings["layers"], batch_first=True,
                            bidirectional=settings["bidirectional"])
        if self.pooling == "attention":
            self.attention = nn.ModuleDict({"projection": nn.Linear(width, width), "score": nn.Linear(width, 1, bias=False)})
        self.classifier = nn.Linear(width, classes)

    def forward(self, vectors):
        states, (last, _) = self.lstm(vectors)
        if self.pooling == "last":
            pooled = torch.cat([last[-2], last[-1]], 1) if self.lstm.bidirectional else last[-1]
        elif self.pooling == "max":
            pooled = states.max(1).values
        elif self.pooling == "mean":
            pooled = states.mean(1)
        else:
            weights = self.attention["score"](torch.tanh(self.attention["projection"](states))).softmax(1)
            pooled = (weights * states).sum(1)
        return self.classifier(pooled)


def reader(folder):
    """Token ids [1, time] to logits [1, classes], as the folder says."""
    config = json.loads((folder / "config.json").read_text())
    if config["architectures"] == ["BertForSequenceClassification"]:
        model, info = BertForSequenceClassification.from_pretrained(folder, output_loading_info=True)
        wrong = {key: sorted(value) for key, value in info.items() if value}
        if wrong:
            sys.exit(f"{folder}: {wrong}")
        return model.eval(), lambda ids: model(ids).logits
    encoder = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()
    tensors, classes = load_file(folder / "model.safetensors"), len(config["id2label"])
    if config.get("bench_head"):
        head = LSTMHead(config["bench_head"], config["hidden_size"], classes).eval()
        head.load_state_dict({name[len("head."):]: value for name, value in tensors.items() if name.startswith("head.")})
        return encoder, lambda ids: head(encoder(ids).last_hidden_state)
    classifier = nn.Linear(config["hidden_size"], classes)
    classifier.load_state_dict({"weight": tensors["classifier.weight"], "bias": tensors["classifier.bias"]})
    return encoder, lambda ids: classifier(encoder(ids).last_hidden_state.mean(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="a model that a run kept")
    parser.add_argument("folder", type=pathlib.Path, help="what bench export wrote of it")
    parser.add_argument("texts", help="a text a line")
    parser.add_argument("--bench", default=".build/debug/bench", help="the program")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="largest difference of a log-probability")
    options = parser.parse_args()
    # Of a BertModel Transformers reports what stands above it as unexpected; here it is read on its own.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    answers = subprocess.run(
        [options.bench, "predict", options.model, options.texts, "--with-text"], check=True, capture_output=True,
        text=True).stdout
    answers = [json.loads(line) for line in answers.splitlines()]
    answers = [answer for answer in answers if answer["label"] is not None]
    tokenizer = AutoTokenizer.from_pretrained(options.folder)
    model, logits = reader(options.folder)
    names = [name for _, name in sorted(model.config.id2label.items())]
    worst, wrong = 0.0, 0
    with torch.no_grad():
        for answer in answers:
            ids = tokenizer(answer["text"], truncation=True, return_tensors="pt")["input_ids"]
            expected = logits(ids).double().log_softmax(1)[0]
            got = torch.tensor([answer["probabilities"][name] for name in names], dtype=torch.float64).log()
            difference = (expected - got).abs().max().item()
            worst = max(worst, difference)
            if not difference <= options.tolerance:
                wrong += 1
                print(f"differs by {difference:.2e}: {answer['text'][:100]}")
    print(f"{len(answers)} texts, {len(names)} classes, {len(tokenizer)} pieces: largest difference of a "
          f"log-probability {worst:.2e}, beyond {options.tolerance:g}: {wrong}")
    sys.exit(1 if wrong or not answers else 0)


if __name__ == "__main__":
    main()
