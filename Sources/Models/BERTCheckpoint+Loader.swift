extension BERTCheckpoint {
  /// The program in a written folder: reads it with PyTorch and Transformers and answers as the network does here.
  ///
  /// Of the steps before the tokenizer it does `lowercase` and what of `clean` is white space, control characters and
  /// NFC; where a text or a model needs more than that, it stops and says so.
  static let loader = #"""
    """A model that bench exported, read with PyTorch and Transformers (pip install torch transformers).

    python bench_model.py "a text" "another": a line of JSON each, as `bench predict` gives it; - reads a text a line,
    lines ending in LF or CRLF. A text without anything but white space has no label.
    In Python: `import bench_model; bench_model.Model().predict(["a text"])`. With trust_remote_code=True Transformers'
    AutoModelForSequenceClassification reads the folder too; the steps of `bench_text` in config.json are left to you then.
    """
    import argparse
    import json
    import pathlib
    import re
    import sys
    import unicodedata

    import torch
    from torch import nn
    from transformers import (BertConfig, BertForSequenceClassification, BertModel, BertPreTrainedModel, BertTokenizerFast,
                              logging)
    from transformers.modeling_outputs import SequenceClassifierOutput


    class BenchConfig(BertConfig):
        model_type = "bench-bert"


    class LSTMHead(nn.Module):
        """[batch, time, hidden] and lengths to [batch, classes]."""

        def __init__(self, settings, inputs, classes):
            super().__init__()
            width = settings["hidden"] * (2 if settings["bidirectional"] else 1)
            self.pooling = settings["pooling"]
            self.lstm = nn.LSTM(inputs, settings["hidden"], settings["layers"], batch_first=True,
                                bidirectional=settings["bidirectional"])
            if self.pooling == "attention":
                self.attention = nn.ModuleDict(
                    {"projection": nn.Linear(width, width), "score": nn.Linear(width, 1, bias=False)})
            self.classifier = nn.Linear(width, classes)

        def forward(self, vectors, mask):
            packed = nn.utils.rnn.pack_padded_sequence(vectors, mask.sum(1).cpu(), batch_first=True, enforce_sorted=False)
            states, (last, _) = self.lstm(packed)
            states, _ = nn.utils.rnn.pad_packed_sequence(states, batch_first=True, total_length=vectors.shape[1])
            blank = mask[:, :, None] == 0
            if self.pooling == "last":
                pooled = torch.cat([last[-2], last[-1]], 1) if self.lstm.bidirectional else last[-1]
            elif self.pooling == "max":
                pooled = states.masked_fill(blank, -torch.inf).max(1).values
            elif self.pooling == "mean":
                pooled = mean(states, mask)
            else:
                scores = self.attention["score"](torch.tanh(self.attention["projection"](states)))
                pooled = (scores.masked_fill(blank, -torch.inf).softmax(1) * states).sum(1)
            return self.classifier(pooled)


    def mean(states, mask):
        mask = mask[:, :, None].to(states.dtype)
        return (states * mask).sum(1) / mask.sum(1)


    class BenchForSequenceClassification(BertPreTrainedModel):
        """BERT whose classifier reads the mean of the token vectors, or an LSTM above them."""

        config_class = BenchConfig

        def __init__(self, config):
            super().__init__(config)
            self.bert = BertModel(config, add_pooling_layer=False)
            settings = getattr(config, "bench_head", None)
            if settings:
                self.head = LSTMHead(settings, config.hidden_size, config.num_labels)
            else:
                self.classifier = nn.Linear(config.hidden_size, config.num_labels)
            self.post_init()

        def forward(self, input_ids, attention_mask=None, token_type_ids=None, **_):
            mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
            states = self.bert(input_ids, attention_mask=mask, token_type_ids=token_type_ids).last_hidden_state
            logits = self.head(states, mask) if hasattr(self, "head") else self.classifier(mean(states, mask))
            return SequenceClassifierOutput(logits=logits)


    def is_space(sign):
        """Unicode's property White_Space, to which Python adds four control characters."""
        return sign.isspace() and not "\x1c" <= sign <= "\x1f"


    def lines(content):
        """The lines of bytes as `bench predict` has them: LF or CRLF alone ends one, the last needs no end."""
        parts = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        if not parts[-1]:
            parts.pop()
        return [part.removesuffix(b"\r").decode("utf-8") for part in parts]


    def clean(text):
        """White space, control characters, NFC. HTML and links, which bench takes out, are an error."""
        def is_dropped(sign):
            joins = sign in "\u200c\u200d" or "\U000e0020" <= sign <= "\U000e007f"
            return sign == "\ufffd" or unicodedata.category(sign) in ("Cc", "Cf") and not joins

        text = "".join(" " if is_space(sign) else sign for sign in text if is_space(sign) or not is_dropped(sign))
        text = unicodedata.normalize("NFC", text)
        if re.search(r"&#?[0-9A-Za-z]+;|<[A-Za-z/!?]|(https?|ftp)://|www\.", text, re.IGNORECASE):
            raise ValueError("a text with HTML or a link, which bench's step `clean` takes out and this program does not")
        return re.sub(" +", " ", text).strip(" ")


    # Letter by letter, as bench does: Python alone would make another sigma of the last one of a word.
    STEPS = {"clean": clean, "lowercase": lambda text: "".join(letter.lower() for letter in text)}


    class Model:
        def __init__(self, folder=pathlib.Path(__file__).parent, prepared=False):
            """`prepared`: the texts have gone through the steps of `bench_text` already."""
            folder = pathlib.Path(folder)
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self.steps = [] if prepared else config["bench_text"]
            unknown = [step for step in self.steps if step not in STEPS]
            if unknown:
                raise ValueError(f"bench does {', '.join(unknown)} before the tokenizer, and this program does not: give "
                                 "it texts after all of bench_text, and say so (prepared=True, --prepared)")
            own = config["architectures"] == ["BenchForSequenceClassification"]
            kind = BenchForSequenceClassification if own else BertForSequenceClassification
            self.network, info = kind.from_pretrained(folder, output_loading_info=True)
            wrong = {key: sorted(map(str, value)) for key, value in info.items() if value}
            if wrong:
                raise ValueError(f"model.safetensors is not what config.json says: {wrong}")
            self.network.eval()
            self.tokenizer = BertTokenizerFast.from_pretrained(folder)
            # Control tokens that a text spells are its letters and signs, unless the model was trained with them.
            settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
            self.splits = settings["split_special_tokens"]
            self.labels = [name for _, name in sorted((int(key), name) for key, name in config["id2label"].items())]

        def logits(self, text):
            for step in self.steps:
                text = STEPS[step](text)
            tokens = self.tokenizer(text, truncation=True, return_tensors="pt", split_special_tokens=self.splits)
            with torch.no_grad():
                return self.network(tokens["input_ids"]).logits[0]

        def predict(self, texts):
            """Of each text: label, its probability, and the probabilities of all classes; no label of a blank text."""
            answers = []
            for text in texts:
                if all(map(is_space, text)):
                    answers.append({"label": None, "probability": None, "probabilities": {}})
                    continue
                values = self.logits(text).double().softmax(0).tolist()
                best = max(range(len(values)), key=values.__getitem__)
                answers.append({"label": self.labels[best], "probability": values[best],
                                "probabilities": dict(zip(self.labels, values))})
            return answers


    def main():
        parser = argparse.ArgumentParser(description="Labels texts as bench does.")
        parser.add_argument("texts", nargs="+", help="texts; - reads one a line from standard input")
        parser.add_argument("--prepared", action="store_true", help="the texts went through bench_text's steps already")
        options = parser.parse_args()
        try:
            texts = lines(sys.stdin.buffer.read()) if options.texts == ["-"] else options.texts
        except UnicodeDecodeError:
            sys.exit("bench_model.py: standard input: got bytes that are not UTF-8, expected UTF-8 text")
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            for answer in Model(prepared=options.prepared).predict(texts):
                print(json.dumps(answer, ensure_ascii=False))
        except ValueError as error:
            sys.exit(f"bench_model.py: {error}")


    if __name__ == "__main__":
        main()

    """#
}
