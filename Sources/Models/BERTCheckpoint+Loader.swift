extension BERTCheckpoint {
  /// The program in a written folder: reads it with PyTorch and Transformers and answers as the network does here.
  ///
  /// Of the steps before the tokenizer it does what `PythonLoader.preparation` does.
  static func loader(_ contents: Contents) -> String {
    let architecture = contents.configuration.architecture
    let kind = architecture.classPrefix, prefix = architecture.prefix
    let hasPooler = [.bert, .roBERTa, .xlmRoBERTa].contains(architecture)
    let isWordPiece = if case .wordPiece = contents.tokenizer { true } else { false }
    let tokenizer = isWordPiece ? "BertTokenizerFast" : "AutoTokenizer"
    let withoutPooler = hasPooler ? ", add_pooling_layer=False" : ""
    let hasTypes = ![.distilBERT, .modernBERT].contains(architecture)
    let withTypes = hasTypes ? ", token_type_ids=token_type_ids" : ""
    let classes = ["Config", "ForSequenceClassification", "Model", "PreTrainedModel"].map { kind + $0 } + [tokenizer]
    return program(
      imports: classes.joined(separator: ", "), kind: kind, architecture: architecture.rawValue, prefix: prefix,
      tokenizer: tokenizer,
      withoutPooler: withoutPooler, withTypes: withTypes)
  }

  private static func program(
    imports: String, kind: String, architecture: String, prefix: String, tokenizer: String, withoutPooler: String,
    withTypes: String
  ) -> String {
    #"""
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
    from transformers import (\#(imports),
                              logging)
    from transformers.modeling_outputs import SequenceClassifierOutput


    class BenchConfig(\#(kind)Config):
        model_type = "bench-\#(architecture)"


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


    class BenchForSequenceClassification(\#(kind)PreTrainedModel):
        """An encoder whose classifier reads the mean of the token vectors, or an LSTM above them."""

        config_class = BenchConfig

        def __init__(self, config):
            super().__init__(config)
            self.\#(prefix) = \#(kind)Model(config\#(withoutPooler))
            settings = getattr(config, "bench_head", None)
            if settings:
                self.head = LSTMHead(settings, config.hidden_size, config.num_labels)
            else:
                self.classifier = nn.Linear(config.hidden_size, config.num_labels)
            self.post_init()

        def forward(self, input_ids, attention_mask=None, token_type_ids=None, **_):
            mask = torch.ones_like(input_ids) if attention_mask is None else attention_mask
            states = self.\#(prefix)(input_ids, attention_mask=mask\#(withTypes)).last_hidden_state
            logits = self.head(states, mask) if hasattr(self, "head") else self.classifier(mean(states, mask))
            return SequenceClassifierOutput(logits=logits)


    \#(PythonLoader.preparation)
    \#(PythonLoader.program)
    class Model:
        def __init__(self, folder=pathlib.Path(__file__).parent, prepared=False):
            """`prepared`: the texts have gone through the steps of `bench_text` already."""
            folder = pathlib.Path(folder)
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self.steps = steps_to_do(config["bench_text"], prepared)
            own = config["architectures"] == ["BenchForSequenceClassification"]
            kind = BenchForSequenceClassification if own else \#(kind)ForSequenceClassification
            self.network, info = kind.from_pretrained(folder, output_loading_info=True)
            wrong = {key: sorted(map(str, value)) for key, value in info.items() if value}
            if wrong:
                raise ValueError(f"model.safetensors is not what config.json says: {wrong}")
            self.network.eval()
            self.tokenizer = \#(tokenizer).from_pretrained(folder)
            # Control tokens that a text spells are its letters and signs, unless the model was trained with them.
            settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
            self.splits = settings["split_special_tokens"]
            self.labels = [name for _, name in sorted((int(key), name) for key, name in config["id2label"].items())]

        def logits(self, text):
            tokens = self.tokenizer(prepared(text, self.steps), truncation=True, return_tensors="pt",
                                    split_special_tokens=self.splits)
            with torch.no_grad():
                return self.network(tokens["input_ids"]).logits[0]

        def probabilities(self, text):
            return self.logits(text).double().softmax(0).tolist()

        def predict(self, texts):
            return answers(self, texts)


    if __name__ == "__main__":
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        main()

    """#
  }
}
