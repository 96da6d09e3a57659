#!/usr/bin/env python3
"""PyTorch's speed on the rows of `bench speed`, as JSON lines.

usage: torch_speed.py CHECKPOINT TEXTS [--threads 1 2] [--rounds 7] [--only NAME ...] [--sorted] [--compile]
needs: pip install torch transformers

CHECKPOINT is a BERT folder (config.json and the tokenizer's files; the weights are random), TEXTS a CSV file with a
column `text`. The first 32 x 40 texts are used; a round takes another 32 of them, the same ones in every run.

bert    BertForSequenceClassification of CHECKPOINT's shape, 77 classes, padded to the longest of the batch (at most 64)
lstm    Embedding(20000, 128), 2-layer bidirectional LSTM of 256, packed sequences, mean over time, 77 classes
hybrid  CHECKPOINT's encoder, bidirectional LSTM of 128 on its token vectors, 77 classes
*-query text in, label out; *-forward token ids in, logits out; *-train forward, backward, clipping, AdamW's step
*-32x32 the same with 32 tokens in every row: no padding to save

--sorted forms the timed batches from the same texts sorted by length; --compile wraps the models in torch.compile.
Each row: {"work", "threads", "batch", "tokens", "median_ms", "mean_ms", "min_ms", "rounds", "peer"}.
"""
import argparse
import csv
import json
import statistics
import time

import torch
import transformers
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification, BertModel

BATCH, CLASSES, LONGEST, WARMUP = 32, 77, 64, 2


class Lstm(torch.nn.Module):
    def __init__(self, inputs=128, hidden=256, layers=2, vocabulary=20000):
        super().__init__()
        self.vocabulary = vocabulary
        self.embedding = torch.nn.Embedding(vocabulary, inputs) if vocabulary else None
        self.lstm = torch.nn.LSTM(inputs, hidden, layers, batch_first=True, bidirectional=True)
        self.classifier = torch.nn.Linear(2 * hidden, CLASSES)

    def forward(self, x, mask):
        if self.embedding is not None:
            x = self.embedding(x % self.vocabulary)
        lengths = mask.sum(1)
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        return self.classifier(states.sum(1) / lengths[:, None])


class Hybrid(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        self.head = Lstm(config.hidden_size, 128, 1, None)

    def forward(self, x, mask):
        return self.head(self.encoder(x, attention_mask=mask).last_hidden_state, mask)


class Bert(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.net = BertForSequenceClassification(config)

    def forward(self, x, mask):
        return self.net(x, attention_mask=mask).logits


class Session:
    def __init__(self, options):
        self.options = options
        self.tokenizer = AutoTokenizer.from_pretrained(options.checkpoint)
        self.config = BertConfig.from_pretrained(options.checkpoint, num_labels=CLASSES)
        with open(options.texts, newline="", encoding="utf-8") as file:
            texts = [row["text"] for _, row in zip(range(BATCH * 40), csv.DictReader(file))]
        self.tokens = sum(len(ids) for ids in self.tokenizer(texts, truncation=True, max_length=LONGEST)["input_ids"])
        self.tokens = self.tokens * BATCH // len(texts)
        if options.sorted:
            # Only what is used, so that the timed batches hold the same texts as in arrival order.
            first, last = WARMUP * BATCH, (WARMUP + options.rounds) * BATCH
            texts = texts[:first] + sorted(texts[first:last], key=len)
        self.texts = [texts[i : i + BATCH] for i in range(0, len(texts), BATCH)]
        self.batches = [self.encode(batch) for batch in self.texts]
        self.full = (torch.randint(1000, 20000, (BATCH, 32)), torch.ones(BATCH, 32, dtype=torch.long))
        self.peer = f"torch {torch.__version__}" + (" sorted" if options.sorted else "")
        self.peer += " compiled" if options.compile else ""

    def encode(self, batch):
        found = self.tokenizer(batch, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        return found["input_ids"], found["attention_mask"]

    def measure(self, name, threads, work, tokens):
        if self.options.only and name not in self.options.only:
            return
        row = {"work": name, "threads": threads, "batch": BATCH, "tokens": tokens}
        try:
            for k in range(WARMUP):
                work(k)
            times = []
            for k in range(self.options.rounds):
                start = time.perf_counter()
                work(WARMUP + k)
                times.append(1e3 * (time.perf_counter() - start))
        except Exception as error:
            if not self.options.compile:
                raise
            print(json.dumps({**row, "error": str(error).splitlines()[0][:200], "peer": self.peer}), flush=True)
            return
        row |= {"median_ms": round(statistics.median(times), 3), "mean_ms": round(statistics.mean(times), 3)}
        row |= {"min_ms": round(min(times), 3), "rounds": len(times), "peer": self.peer}
        print(json.dumps(row), flush=True)

    def run(self, threads, name, network):
        def wanted(work):
            return not self.options.only or f"{name}-{work}" in self.options.only

        works = ["query", "forward", "forward-32x32", "train", "train-32x32"]
        if not any(wanted(work) for work in works):
            return
        call = torch.compile(network, dynamic=True) if self.options.compile else network
        network.eval()
        with torch.inference_mode():
            self.measure(f"{name}-query", threads, lambda k: call(*self.encode(self.texts[k])).argmax(1), self.tokens)
            self.measure(f"{name}-forward", threads, lambda k: call(*self.batches[k]), self.tokens)
            self.measure(f"{name}-forward-32x32", threads, lambda k: call(*self.full), 32 * BATCH)
        network.train()
        optimizer = torch.optim.AdamW(network.parameters(), lr=1e-5)
        labels = torch.randint(0, CLASSES, (BATCH,))

        def step(x, mask):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(call(x, mask), labels).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()

        self.measure(f"{name}-train", threads, lambda k: step(*self.batches[k]), self.tokens)
        self.measure(f"{name}-train-32x32", threads, lambda k: step(*self.full), 32 * BATCH)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint")
    parser.add_argument("texts")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--sorted", action="store_true")
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(0)
    transformers.logging.set_verbosity_error()
    session = Session(options)
    for threads in options.threads:
        torch.set_num_threads(threads)
        session.run(threads, "bert", Bert(session.config))
        session.run(threads, "lstm", Lstm())
        session.run(threads, "hybrid", Hybrid(session.config))


if __name__ == "__main__":
    main()
