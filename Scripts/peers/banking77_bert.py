#!/usr/bin/env python3
"""PyTorch's and Transformers' twin of a fine-tuned checkpoint on a corpus with an official test file, as JSON lines.

usage: banking77_bert.py --checkpoint Models/all-MiniLM-L6-v2 --train train.csv --test test.csv [--split split.json]
         [--seeds 1 2 3 4 5] [--epochs 5] [--pooling mean] ...
needs: pip install torch transformers

The checkpoint's encoder, one vector a text (mean of the token vectors, or [CLS] through the pooler), dropout, a new linear
classifier of deviation 0.02. AdamW (biases and norms not decayed), linear schedule with warm-up, clipping; with
validation rows early stopping on macro-F1 and the best weights restored, without them the last epoch's. The seed gives
the classifier, dropout and the order of batches.

--split names what `bench plan Experiments/banking77-pretrained.yaml --json` prints; with --no-validation all training rows
are trained on. A line for each seed, as banking77_networks.py's; Scripts/peers/equivalence.py compares them with a run.
"""
import argparse
import copy
import csv
import json
import math
import random
import sys
import time

import torch
from torch import nn
from transformers import AutoTokenizer, BertModel, __version__ as transformers_version

from banking77_networks import epoch_batches, evaluate, pad, rate_factor, split_rows


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", required=True, help="folder of the checkpoint")
    parser.add_argument("--train", required=True, help="CSV with the training rows")
    parser.add_argument("--test", required=True, help="CSV with the test rows")
    parser.add_argument("--split", help="JSON with training and validation rows")
    parser.add_argument("--no-validation", action="store_true", help="trains on all rows for all epochs")
    parser.add_argument("--text", default="text", help="column of the text")
    parser.add_argument("--label", default="category", help="column of the label")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--validation-share", type=float, default=0.15)
    parser.add_argument("--split-seed", type=int, default=1)
    parser.add_argument("--maximum-tokens", type=int, default=64)
    parser.add_argument("--pooling", choices=["mean", "cls"], default="mean")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-4, help="highest learning rate")
    parser.add_argument("--schedule", choices=["linear", "cosine", "constant"], default="linear")
    parser.add_argument("--warmup", type=float, default=0.1, help="share of all steps")
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--clip", type=float, default=1.0, help="largest gradient norm")
    parser.add_argument("--patience", type=int, default=3, help="evaluations without improvement")
    parser.add_argument("--order", choices=["grouped", "shuffled"], default="grouped",
                        help="batches of similar length from pools of 50 batches, or plainly shuffled")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


class Classifier(nn.Module):
    def __init__(self, options, classes):
        super().__init__()
        self.pooling = options.pooling
        self.bert = BertModel.from_pretrained(options.checkpoint, add_pooling_layer=options.pooling == "cls")
        self.dropout = nn.Dropout(self.bert.config.hidden_dropout_prob)
        self.classifier = nn.Linear(self.bert.config.hidden_size, classes)
        nn.init.normal_(self.classifier.weight, std=self.bert.config.initializer_range)
        nn.init.zeros_(self.classifier.bias)

    def forward(self, ids, lengths):
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
        output = self.bert(ids, attention_mask=mask)
        if self.pooling == "cls":
            pooled = output.pooler_output
        else:
            pooled = (output.last_hidden_state * mask[:, :, None]).sum(1) / lengths[:, None]
        return self.classifier(self.dropout(pooled))


def adamw(model, options):
    """AdamW without decay of biases and norms."""
    def is_plain(name):
        return name.endswith("bias") or "LayerNorm" in name

    return torch.optim.AdamW([
        {"params": [p for name, p in model.named_parameters() if not is_plain(name)],
         "weight_decay": options.weight_decay},
        {"params": [p for name, p in model.named_parameters() if is_plain(name)], "weight_decay": 0.0}],
        lr=options.rate)


def train(options, seed, data, classes):
    torch.manual_seed(seed)
    generator = random.Random(seed)
    (sequences, labels), validation, test = data
    model = Classifier(options, classes)

    optimiser = adamw(model, options)
    total = options.epochs * math.ceil(len(sequences) / options.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate_factor(options, total))
    lengths = [len(ids) for ids in sequences]
    best, waited, weights = None, 0, None
    start = time.perf_counter()
    for epoch in range(1, options.epochs + 1):
        model.train()
        losses = 0.0
        for rows in epoch_batches(lengths, options, generator):
            optimiser.zero_grad()
            logits = model(*pad([sequences[row] for row in rows]))
            loss = nn.functional.cross_entropy(logits, torch.tensor([labels[row] for row in rows]))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), options.clip)
            optimiser.step()
            schedule.step()
            losses += loss.item() * len(rows)
        line = f"seed {seed} epoch {epoch}: loss {losses / len(sequences):.4f}"
        if validation[0]:
            value = evaluate(model, *validation, classes)["f1_macro"]
            line += f", validation f1_macro {value:.4f}"
            if best is None or value > best[0]:
                best, waited, weights = (value, epoch), 0, copy.deepcopy(model.state_dict())
            else:
                waited += 1
        print(line, file=sys.stderr, flush=True)
        if validation[0] and waited >= options.patience:
            break
    seconds = time.perf_counter() - start
    if weights:
        model.load_state_dict(weights)
    scores = evaluate(model, *test, classes)
    return {
        "peer": f"torch {torch.__version__}, transformers {transformers_version}", "seed": seed,
        "accuracy": scores["accuracy"], "f1_macro": scores["f1_macro"], "validation": best[0] if best else None,
        "epochs": epoch, "best_epoch": best[1] if best else epoch, "train_rows": len(sequences),
        "validation_rows": len(validation[0]), "test_rows": len(test[0]), "seconds": round(seconds, 1)}


def read(path, options):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row[options.text] for row in rows], [row[options.label] for row in rows]


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    tokenizer = AutoTokenizer.from_pretrained(options.checkpoint)
    texts, labels = read(options.train, options)
    test_texts, test_labels = read(options.test, options)
    names = {name: i for i, name in enumerate(sorted(set(labels) | set(test_labels)))}
    rows, validation_rows = split_rows(options, labels)
    if options.no_validation:
        rows, validation_rows = list(range(len(labels))), []

    def part(texts, labels, rows):
        if not rows:
            return [], []
        ids = tokenizer([texts[row] for row in rows], truncation=True, max_length=options.maximum_tokens, padding=False)
        return ids["input_ids"], [names[labels[row]] for row in rows]

    data = (part(texts, labels, rows), part(texts, labels, validation_rows),
            part(test_texts, test_labels, range(len(test_labels))))
    results = []
    for seed in options.seeds:
        results.append(train(options, seed, data, len(names)))
        print(json.dumps(results[-1]), flush=True)
    print(json.dumps({
        "peer": results[0]["peer"], "seeds": options.seeds,
        **{key: sum(result[key] for result in results) / len(results) for key in ("accuracy", "f1_macro", "seconds")}}))


if __name__ == "__main__":
    main()
