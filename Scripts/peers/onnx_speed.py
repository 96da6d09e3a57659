#!/usr/bin/env python3
"""ONNX Runtime's speed on the bert- rows of `bench speed`, as JSON lines; also that of Hugging Face's tokenizers.

usage: onnx_speed.py CHECKPOINT TEXTS [--threads 1 2] [--rounds 7] [--only NAME ...]
needs: pip install torch transformers onnx onnxruntime tokenizers

The model is torch_speed.py's `bert` (random weights, fp32), exported once with free batch and length and run on the
CPU provider. `tokenize` is `tokenizers` on one thread: texts in, at most 64 ids each out.
Each row: {"work", "threads", "batch", "tokens", "median_ms", "mean_ms", "min_ms", "rounds", "peer"}.
"""
import argparse
import csv
import json
import os
import statistics
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import onnxruntime
import tokenizers
import torch
import transformers
from transformers import BertConfig, BertForSequenceClassification

BATCH, CLASSES, LONGEST, WARMUP = 32, 77, 64, 2


class Logits(torch.nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, ids, mask):
        return self.net(ids, attention_mask=mask).logits


def export(checkpoint, path):
    torch.manual_seed(0)
    config = BertConfig.from_pretrained(checkpoint, num_labels=CLASSES, attn_implementation="eager")
    net = Logits(BertForSequenceClassification(config)).eval()
    sample = (torch.randint(1000, 20000, (2, 8)), torch.ones(2, 8, dtype=torch.long))
    batch, length = torch.export.Dim("batch", min=1, max=512), torch.export.Dim("length", min=2, max=512)
    shapes = ({0: batch, 1: length}, {0: batch, 1: length})
    with torch.inference_mode():
        program = torch.onnx.export(
            net, sample, input_names=["ids", "mask"], output_names=["logits"], dynamic_shapes=shapes, dynamo=True)
        program.save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint")
    parser.add_argument("texts")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--model", help="an exported model; made there where it does not exist")
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()

    tokenizer = tokenizers.Tokenizer.from_file(os.path.join(options.checkpoint, "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    with open(options.texts, newline="", encoding="utf-8") as file:
        texts = [row["text"] for _, row in zip(range(BATCH * 40), csv.DictReader(file))]
    batches = [texts[i : i + BATCH] for i in range(0, len(texts), BATCH)]
    tokens = sum(len(found.ids) for found in tokenizer.encode_batch(texts)) * BATCH // len(texts)

    def measure(name, threads, work, tokens, peer):
        if options.only and name not in options.only:
            return
        for k in range(WARMUP):
            work(k)
        times = []
        for k in range(options.rounds):
            start = time.perf_counter()
            work(WARMUP + k)
            times.append(1e3 * (time.perf_counter() - start))
        row = {"work": name, "threads": threads, "batch": BATCH, "tokens": tokens}
        row |= {"median_ms": round(statistics.median(times), 3), "mean_ms": round(statistics.mean(times), 3)}
        row |= {"min_ms": round(min(times), 3), "rounds": len(times), "peer": peer}
        print(json.dumps(row), flush=True)

    def tokenize(k):
        return [found.ids for found in tokenizer.encode_batch(batches[k])]

    measure("tokenize", 1, tokenize, tokens, f"tokenizers {tokenizers.__version__}")
    names = ["bert-query", "bert-forward", "bert-forward-32x32"]
    if options.only and not any(name in options.only for name in names):
        return
    with tempfile.TemporaryDirectory() as folder:
        path = options.model or os.path.join(folder, "bert.onnx")
        if not os.path.exists(path):
            export(options.checkpoint, path)
        padding = tokenizers.Tokenizer.from_file(os.path.join(options.checkpoint, "tokenizer.json"))
        padding.enable_truncation(LONGEST)
        padding.enable_padding()

        def encode(batch):
            found = padding.encode_batch(batch)
            ids = torch.tensor([one.ids for one in found]).numpy()
            return {"ids": ids, "mask": torch.tensor([one.attention_mask for one in found]).numpy()}

        real = [encode(batch) for batch in batches]
        full = {"ids": torch.randint(1000, 20000, (BATCH, 32)).numpy(),
                "mask": torch.ones(BATCH, 32, dtype=torch.long).numpy()}
        peer = f"onnxruntime {onnxruntime.__version__}"
        for threads in options.threads:
            settings = onnxruntime.SessionOptions()
            settings.intra_op_num_threads, settings.inter_op_num_threads = threads, 1
            session = onnxruntime.InferenceSession(path, settings, providers=["CPUExecutionProvider"])

            def run(feed, session=session):
                return session.run(["logits"], feed)[0]

            measure("bert-query", threads, lambda k: run(encode(batches[k])).argmax(1), tokens, peer)
            measure("bert-forward", threads, lambda k: run(real[k]), tokens, peer)
            measure("bert-forward-32x32", threads, lambda k: run(full), 32 * BATCH, peer)


if __name__ == "__main__":
    main()
