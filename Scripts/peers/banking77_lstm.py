#!/usr/bin/env python3
"""PyTorch's twin of the `lstm` model on a corpus with an official test file, as JSON lines.

usage: banking77_lstm.py --train train.csv --test test.csv [--split split.json] [--seeds 1 2 3] [--epochs 25] ...
needs: pip install torch

Embedding, bidirectional LSTM layers, maximum over time, linear classifier; dropout on word vectors, between layers and
before the classifier. AdamW (biases not decayed), linear schedule with warm-up, clipping, early stopping on macro-F1 of
the validation rows, best weights restored. The seed gives initialisation, dropout and the order of batches; the
validation rows are the same for all seeds.

--split names what `bench plan Experiments/banking77.yaml --json` prints, or a JSON file {"train": [row, ...],
"validation": [row, ...]} of rows of the training file, counted from 0.
Without it, --validation-share of every class is drawn by --split-seed. Without validation rows nothing stops early.

A line for each seed: {"peer", "seed", "accuracy", "f1_macro", "validation", "epochs", "best_epoch", "vocabulary",
"train_rows", "validation_rows", "test_rows", "seconds"}, then one with "seeds" and the means.
"""
import argparse
import collections
import copy
import csv
import json
import math
import random
import re
import sys
import time
import unicodedata

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

PADDING, UNKNOWN = 0, 1
# Words with apostrophes inside, and any other character that is not white space alone.
TOKEN = re.compile(r"[^\W_]+(?:['\u2019\u02bc][^\W_]+)*|[^\w\s]|_")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", required=True, help="CSV with the training rows")
    parser.add_argument("--test", required=True, help="CSV with the test rows")
    parser.add_argument("--split", help="JSON with training and validation rows")
    parser.add_argument("--text", default="text", help="column of the text")
    parser.add_argument("--label", default="category", help="column of the label")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--validation-share", type=float, default=0.15)
    parser.add_argument("--split-seed", type=int, default=1)
    parser.add_argument("--vocabulary", type=int, default=8000, help="largest vocabulary, with padding and unknown")
    parser.add_argument("--minimum-frequency", type=int, default=2)
    parser.add_argument("--maximum-tokens", type=int, default=128)
    parser.add_argument("--embedding", type=int, default=128)
    parser.add_argument("--hidden", type=int, default=128, help="width of a direction")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--unidirectional", action="store_true")
    parser.add_argument("--pooling", choices=["max", "mean", "last"], default="max")
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--initialisation", choices=["bench", "torch"], default="bench",
                        help="Xavier, orthogonal and forget bias 1, or PyTorch's own")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--schedule", choices=["linear", "cosine", "constant"], default="linear")
    parser.add_argument("--warmup", type=float, default=0.1, help="share of all steps")
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--epsilon", type=float, default=1e-8)
    parser.add_argument("--clip", type=float, default=1.0, help="largest gradient norm; 0 for none")
    parser.add_argument("--patience", type=int, default=3, help="evaluations without improvement")
    parser.add_argument("--stop-on", choices=["f1_macro", "accuracy", "loss"], default="f1_macro")
    parser.add_argument("--order", choices=["grouped", "shuffled"], default="grouped",
                        help="batches of similar length from pools of 50 batches, or plainly shuffled")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def read(path, text, label):
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [tokens(row[text]) for row in rows], [row[label] for row in rows]


def tokens(text):
    words = TOKEN.findall(unicodedata.normalize("NFC", text).lower())
    return [re.sub("[\u2019\u02bc]", "'", word) if len(word) > 1 else word for word in words]


def split_rows(options, labels):
    if options.split:
        with open(options.split) as file:
            rows = json.load(file)
        if "fits" in rows:
            # `bench plan --json`: example ids are file:record, from 1; an official split is the same for all seeds.
            fit = next(fit for fit in rows["fits"] if ".official." in fit["fit"])
            rows = {part: [int(name.rsplit(":", 1)[1]) - 1 for name in fit[part]] for part in ("train", "validation")}
        return rows["train"], rows.get("validation", [])
    generator = random.Random(options.split_seed)
    by_class = collections.defaultdict(list)
    for row, label in enumerate(labels):
        by_class[label].append(row)
    validation = set()
    for label in sorted(by_class):
        rows = by_class[label]
        generator.shuffle(rows)
        validation.update(rows[:round(options.validation_share * len(rows))])
    return [row for row in range(len(labels)) if row not in validation], sorted(validation)


def fit_vocabulary(texts, minimum, size):
    counts = collections.Counter(token for text in texts for token in text)
    known = sorted((-count, token.encode()) for token, count in counts.items() if count >= minimum)
    return {token.decode(): 2 + i for i, (_, token) in enumerate(known[:max(0, size - 2)])}


class Classifier(nn.Module):
    def __init__(self, options, vocabulary, classes):
        super().__init__()
        directions = 1 if options.unidirectional else 2
        self.pooling = options.pooling
        self.embedding = nn.Embedding(vocabulary, options.embedding)
        self.lstm = nn.LSTM(
            options.embedding, options.hidden, options.layers, batch_first=True, bidirectional=directions == 2,
            dropout=options.dropout if options.layers > 1 else 0)
        self.dropout = nn.Dropout(options.dropout)
        self.classifier = nn.Linear(directions * options.hidden, classes)
        if options.initialisation == "bench":
            self.initialise(options.hidden)

    @torch.no_grad()
    def initialise(self, hidden):
        """Xavier input weights and orthogonal recurrent weights for each gate, forget bias 1, other biases 0."""
        for name, tensor in self.lstm.named_parameters():
            if name.startswith("weight_ih"):
                for gate in range(4):
                    nn.init.xavier_uniform_(tensor[gate * hidden:(gate + 1) * hidden])
            elif name.startswith("weight_hh"):
                for gate in range(4):
                    nn.init.orthogonal_(tensor[gate * hidden:(gate + 1) * hidden])
            else:
                tensor.zero_()
                if name.startswith("bias_ih"):
                    tensor[hidden:2 * hidden] = 1
        nn.init.xavier_uniform_(self.classifier.weight)
        self.classifier.bias.zero_()

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(
            self.dropout(self.embedding(ids)), lengths, batch_first=True, enforce_sorted=False)
        output, (hidden, _) = self.lstm(packed)
        if self.pooling == "last":
            pooled = hidden[-1] if self.lstm.num_layers == hidden.shape[0] else torch.cat([hidden[-2], hidden[-1]], 1)
        elif self.pooling == "max":
            pooled = pad_packed_sequence(output, batch_first=True, padding_value=-math.inf)[0].max(1).values
        else:
            pooled = pad_packed_sequence(output, batch_first=True)[0].sum(1) / lengths[:, None]
        return self.classifier(self.dropout(pooled))


def pad(sequences):
    lengths = torch.tensor([len(ids) for ids in sequences])
    padded = torch.full((len(sequences), int(lengths.max())), PADDING)
    for row, ids in enumerate(sequences):
        padded[row, :len(ids)] = torch.tensor(ids)
    return padded, lengths


def epoch_batches(lengths, options, generator):
    order = list(range(len(lengths)))
    generator.shuffle(order)
    pool = 50 * options.batch if options.order == "grouped" else len(order)
    batches = []
    for start in range(0, len(order), pool):
        rows = order[start:start + pool]
        if options.order == "grouped":
            rows.sort(key=lambda row: lengths[row])
        batches += [rows[i:i + options.batch] for i in range(0, len(rows), options.batch)]
    generator.shuffle(batches)
    return batches


def rate_factor(options, total):
    warmup = math.ceil(options.warmup * total)
    remaining = max(1, total - warmup)

    def factor(step):
        if step < warmup:
            return step / max(1, warmup)
        if options.schedule == "linear":
            return max(0.0, (total - step) / remaining)
        if options.schedule == "cosine":
            return max(0.0, 0.5 * (1 + math.cos(math.pi * (step - warmup) / remaining)))
        return 1.0

    return factor


@torch.no_grad()
def evaluate(model, sequences, labels, classes):
    """Accuracy, macro-F1 over all classes (0/0 = 0) and mean cross-entropy."""
    model.eval()
    order = sorted(range(len(sequences)), key=lambda row: len(sequences[row]))
    truth, predicted, loss = [], [], 0.0
    for start in range(0, len(order), 64):
        rows = order[start:start + 64]
        logits = model(*pad([sequences[row] for row in rows]))
        target = torch.tensor([labels[row] for row in rows])
        loss += nn.functional.cross_entropy(logits, target, reduction="sum").item()
        predicted.append(logits.argmax(1))
        truth.append(target)
    truth, predicted = torch.cat(truth), torch.cat(predicted)
    right = torch.bincount(truth[truth == predicted], minlength=classes).double()
    total = (torch.bincount(truth, minlength=classes) + torch.bincount(predicted, minlength=classes)).double()
    f1 = torch.where(total > 0, 2 * right / total.clamp(min=1), torch.zeros_like(total))
    return {"accuracy": right.sum().item() / len(order), "f1_macro": f1.mean().item(), "loss": loss / len(order)}


def train(options, seed, data, vocabulary, classes):
    torch.manual_seed(seed)
    generator = random.Random(seed)
    (sequences, labels), validation, test = data
    model = Classifier(options, vocabulary, classes)
    decayed = [p for name, p in model.named_parameters() if "bias" not in name]
    plain = [p for name, p in model.named_parameters() if "bias" in name]
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": options.weight_decay}, {"params": plain, "weight_decay": 0.0}],
        lr=options.rate, eps=options.epsilon)
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
            if options.clip > 0:
                nn.utils.clip_grad_norm_(model.parameters(), options.clip)
            optimiser.step()
            schedule.step()
            losses += loss.item() * len(rows)
        line = f"seed {seed} epoch {epoch}: loss {losses / len(sequences):.4f}"
        if validation[0]:
            scores = evaluate(model, *validation, classes)
            value = -scores["loss"] if options.stop_on == "loss" else scores[options.stop_on]
            line += f", validation {options.stop_on} {abs(value):.4f}"
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
        "peer": f"torch {torch.__version__}", "seed": seed, "accuracy": scores["accuracy"],
        "f1_macro": scores["f1_macro"], "validation": abs(best[0]) if best else None, "epochs": epoch,
        "best_epoch": best[1] if best else epoch, "vocabulary": vocabulary, "train_rows": len(sequences),
        "validation_rows": len(validation[0]), "test_rows": len(test[0]), "seconds": round(seconds, 1)}


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    texts, labels = read(options.train, options.text, options.label)
    test_texts, test_labels = read(options.test, options.text, options.label)
    names = {name: i for i, name in enumerate(sorted(set(labels) | set(test_labels)))}
    rows, validation_rows = split_rows(options, labels)
    # Fitted on the training part only.
    vocabulary = fit_vocabulary([texts[row] for row in rows], options.minimum_frequency, options.vocabulary)

    def encode(texts, labels):
        ids = [[vocabulary.get(token, UNKNOWN) for token in text[:options.maximum_tokens]] for text in texts]
        return [row or [UNKNOWN] for row in ids], [names[label] for label in labels]

    def part(rows):
        return encode([texts[row] for row in rows], [labels[row] for row in rows])

    data = part(rows), part(validation_rows), encode(test_texts, test_labels)
    results = []
    for seed in options.seeds:
        results.append(train(options, seed, data, len(vocabulary) + 2, len(names)))
        print(json.dumps(results[-1]), flush=True)
    print(json.dumps({
        "peer": results[0]["peer"], "seeds": options.seeds,
        **{key: sum(result[key] for result in results) / len(results) for key in ("accuracy", "f1_macro", "seconds")}}))


if __name__ == "__main__":
    main()
