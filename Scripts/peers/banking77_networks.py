#!/usr/bin/env python3
"""PyTorch's twins of `lstm`, `gru`, `rnn`, `cnn` and `fasttext` on a corpus with an official test file, as JSON lines.

usage: banking77_networks.py --kind lstm --train train.csv --test test.csv [--split split.json] [--seeds 1 2 3] [--epochs 25] ...
needs: pip install torch

Recurrent: embedding, bidirectional layers, maximum over time, linear classifier; dropout on word vectors, between layers
and before the classifier. cnn: embedding, filters over windows, ReLU, maximum over time, dropout, linear classifier.
AdamW (biases not decayed), linear schedule with warm-up, clipping, early stopping on macro-F1 of the validation rows,
best weights restored. The seed gives initialisation, dropout and the order of batches; the validation rows are the same
for all seeds.

fasttext: the mean of the vectors of words and hashed n-grams of words and letters, linear classifier without biases;
gradient descent on one row at a time, the rate falling in a line to 0 (--fasttext-epochs, --fasttext-rate).

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
    parser.add_argument("--kind", choices=["lstm", "gru", "rnn", "cnn", "fasttext"], default="lstm")
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
    parser.add_argument("--windows", type=int, nargs="+", default=[3, 4, 5], help="cnn: words in a window")
    parser.add_argument("--filters", type=int, default=100, help="cnn: filters of each width")
    parser.add_argument("--word-ngrams", type=int, default=2, help="fasttext: longest n-gram of words")
    parser.add_argument("--letters", type=int, nargs=2, default=[3, 6], help="fasttext: n-grams of letters; 0 0 for none")
    parser.add_argument("--buckets", type=int, default=2_000_000, help="fasttext: numbers of n-grams")
    parser.add_argument("--fasttext-epochs", type=int, default=25)
    parser.add_argument("--fasttext-rate", type=float, default=0.5)
    parser.add_argument("--dropout", type=float, help="0.3, of cnn 0.5")
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
    options = parser.parse_args()
    if options.dropout is None:
        options.dropout = 0.5 if options.kind == "cnn" else 0.3
    return options


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


class Recurrent(nn.Module):
    def __init__(self, options, vocabulary, classes):
        super().__init__()
        directions = 1 if options.unidirectional else 2
        self.pooling = options.pooling
        self.embedding = nn.Embedding(vocabulary, options.embedding)
        self.layers = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[options.kind](
            options.embedding, options.hidden, options.layers, batch_first=True, bidirectional=directions == 2,
            dropout=options.dropout if options.layers > 1 else 0)
        self.dropout = nn.Dropout(options.dropout)
        self.classifier = nn.Linear(directions * options.hidden, classes)
        if options.initialisation == "bench":
            self.initialise(options.hidden)

    @torch.no_grad()
    def initialise(self, hidden):
        """Xavier input weights and orthogonal recurrent weights for each gate, an LSTM's forget bias 1, other biases 0."""
        for name, tensor in self.layers.named_parameters():
            if name.startswith("weight_ih"):
                for gate in range(tensor.shape[0] // hidden):
                    nn.init.xavier_uniform_(tensor[gate * hidden:(gate + 1) * hidden])
            elif name.startswith("weight_hh"):
                for gate in range(tensor.shape[0] // hidden):
                    nn.init.orthogonal_(tensor[gate * hidden:(gate + 1) * hidden])
            else:
                tensor.zero_()
                if name.startswith("bias_ih") and isinstance(self.layers, nn.LSTM):
                    tensor[hidden:2 * hidden] = 1
        nn.init.xavier_uniform_(self.classifier.weight)
        self.classifier.bias.zero_()

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(
            self.dropout(self.embedding(ids)), lengths, batch_first=True, enforce_sorted=False)
        output, hidden = self.layers(packed)
        hidden = hidden[0] if isinstance(hidden, tuple) else hidden
        if self.pooling == "last":
            pooled = hidden[-1] if self.layers.num_layers == hidden.shape[0] else torch.cat([hidden[-2], hidden[-1]], 1)
        elif self.pooling == "max":
            pooled = pad_packed_sequence(output, batch_first=True, padding_value=-math.inf)[0].max(1).values
        else:
            pooled = pad_packed_sequence(output, batch_first=True)[0].sum(1) / lengths[:, None]
        return self.classifier(self.dropout(pooled))


class Convolutional(nn.Module):
    def __init__(self, options, vocabulary, classes):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, options.embedding)
        self.filters = nn.ModuleList(
            nn.Conv1d(options.embedding, options.filters, width, padding=width - 1) for width in options.windows)
        self.dropout = nn.Dropout(options.dropout)
        self.classifier = nn.Linear(options.filters * len(options.windows), classes)
        if options.initialisation == "bench":
            for layer in self.filters:
                fans = layer.weight[0].numel() + options.filters
                nn.init.uniform_(layer.weight, -math.sqrt(6 / fans), math.sqrt(6 / fans))
                nn.init.zeros_(layer.bias)
            nn.init.xavier_uniform_(self.classifier.weight)
            nn.init.zeros_(self.classifier.bias)

    def forward(self, ids, lengths):
        # Beyond a text's end are zeros, as at its ends, and windows that begin there do not count.
        inside = torch.arange(ids.shape[1]) < lengths[:, None]
        vectors = (self.embedding(ids) * inside[:, :, None]).transpose(1, 2)
        found = []
        for layer in self.filters:
            answers = layer(vectors)
            counts = torch.arange(answers.shape[2]) < lengths[:, None] + layer.kernel_size[0] - 1
            found.append(answers.masked_fill(~counts[:, None], -math.inf).amax(2).relu())
        return self.classifier(self.dropout(torch.cat(found, 1)))


class FastText(nn.Module):
    """Rows are lists of feature numbers; training is one row at a time."""

    def __init__(self, options, features, classes):
        super().__init__()
        self.vectors = nn.EmbeddingBag(features, options.embedding, mode="mean")
        nn.init.uniform_(self.vectors.weight, -1 / options.embedding, 1 / options.embedding)
        self.classifier = nn.Linear(options.embedding, classes, bias=False)
        nn.init.zeros_(self.classifier.weight)

    def forward(self, rows):
        starts = torch.tensor([0] + [len(row) for row in rows[:-1]]).cumsum(0)
        return self.classifier(self.vectors(torch.tensor([i for row in rows for i in row]), starts))

    @torch.no_grad()
    def step(self, row, label, rate):
        """A step of plain gradient descent, by hand: autograd's table of all vectors would be of their size."""
        ids = torch.tensor(row)
        hidden = self.vectors.weight[ids].mean(0)
        error = -(self.classifier.weight @ hidden).softmax(0)
        error[label] += 1
        back = self.classifier.weight.T @ error
        self.classifier.weight += rate * torch.outer(error, hidden)
        self.vectors.weight.index_add_(0, ids, (rate / len(row) * back).expand(len(row), -1))


def fnv(text):
    value = 2166136261
    for byte in text.encode():
        value = ((value ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619) & 0xFFFFFFFF
    return value


def ngrams(words, options):
    """fastText's hashes of the n-grams of letters and of words."""
    low, high = options.letters
    for word in words if high else []:
        word = f"<{word}>"
        for first in range(len(word)):
            for length in range(low, min(high, len(word) - first) + 1):
                if length > 1 or 0 < first < len(word) - 1:
                    yield fnv(word[first:first + length]) % options.buckets
    hashes = [fnv(word) for word in words]
    hashes = [value if value < 1 << 31 else value | 0xFFFFFFFF00000000 for value in hashes]
    for first in range(len(hashes)):
        value = hashes[first]
        for following in hashes[first + 1:first + options.word_ngrams]:
            value = (value * 116049371 + following) & 0xFFFFFFFFFFFFFFFF
            yield value % options.buckets


def train_fasttext(options, seed, data, classes):
    torch.manual_seed(seed)
    generator = random.Random(seed)
    (texts, labels), _, (test_texts, test_labels) = data
    words = fit_vocabulary(texts, options.minimum_frequency, options.vocabulary)
    columns = {("word", word): column for column, word in enumerate(words)}
    grams = [list(ngrams(text, options)) for text in texts]
    for bucket in sorted({bucket for row in grams for bucket in row}):
        columns["bucket", bucket] = len(columns)

    def row(text, own):
        return ([columns["word", word] for word in text if word in words]
                + [columns["bucket", bucket] for bucket in own if ("bucket", bucket) in columns])

    rows = [row(text, own) for text, own in zip(texts, grams)]
    model = FastText(options, len(columns), classes)
    start, seen, total = time.perf_counter(), 0, options.fasttext_epochs * len(rows)
    for _ in range(options.fasttext_epochs):
        order = list(range(len(rows)))
        generator.shuffle(order)
        for place in order:
            if rows[place]:
                model.step(rows[place], labels[place], options.fasttext_rate * (1 - seen / total))
            seen += 1
    seconds = time.perf_counter() - start
    with torch.no_grad():
        predicted = model([row(text, ngrams(text, options)) for text in test_texts]).argmax(1)
    return {
        "peer": f"torch {torch.__version__}", "seed": seed,
        **scores(torch.tensor(test_labels), predicted, classes), "epochs": options.fasttext_epochs,
        "vocabulary": len(columns),
        "train_rows": len(rows), "test_rows": len(test_labels), "seconds": round(seconds, 1)}


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


def scores(truth, predicted, classes):
    """Accuracy, and macro-F1 over all classes (0/0 = 0)."""
    right = torch.bincount(truth[truth == predicted], minlength=classes).double()
    total = (torch.bincount(truth, minlength=classes) + torch.bincount(predicted, minlength=classes)).double()
    f1 = torch.where(total > 0, 2 * right / total.clamp(min=1), torch.zeros_like(total))
    return {"accuracy": right.sum().item() / len(truth), "f1_macro": f1.mean().item()}


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
    return {**scores(torch.cat(truth), torch.cat(predicted), classes), "loss": loss / len(order)}


def train(options, seed, data, vocabulary, classes):
    torch.manual_seed(seed)
    generator = random.Random(seed)
    (sequences, labels), validation, test = data
    model = (Convolutional if options.kind == "cnn" else Recurrent)(options, vocabulary, classes)
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

    if options.kind == "fasttext":
        data = tuple(([texts[row] for row in part], [names[labels[row]] for row in part])
                     for part in (rows, validation_rows)) + ((test_texts, [names[label] for label in test_labels]),)
    else:
        data = part(rows), part(validation_rows), encode(test_texts, test_labels)
    results = []
    for seed in options.seeds:
        results.append(train_fasttext(options, seed, data, len(names)) if options.kind == "fasttext"
                       else train(options, seed, data, len(vocabulary) + 2, len(names)))
        print(json.dumps(results[-1]), flush=True)
    print(json.dumps({
        "peer": results[0]["peer"], "seeds": options.seeds,
        **{key: sum(result[key] for result in results) / len(results) for key in ("accuracy", "f1_macro", "seconds")}}))


if __name__ == "__main__":
    main()
