extension NumPyFolder {
  /// The program in a written folder: answers as the model does here, with NumPy and nothing else.
  static let loader = #"""
    """A model that bench exported, read with NumPy (pip install numpy).

    python bench_model.py "a text" "another": a line of JSON each, as `bench predict` gives it; - reads a text a line.
    In Python: `import bench_model; bench_model.Model().predict(["a text"])`.
    """
    import argparse
    import collections
    import json
    import pathlib
    import re
    import sys
    import unicodedata

    import numpy


    \#(PythonLoader.preparation)
    \#(PythonLoader.program)
    def word_ngrams(text, low, high):
        """Runs of two or more letters, digits and underscores, joined by a space (scikit-learn's `word`)."""
        kept = "".join(sign if sign == "_" or unicodedata.category(sign)[0] in "LN" else " " for sign in text)
        found = [word for word in kept.split() if len(word) > 1]
        for count in range(low, high + 1):
            for first in range(len(found) + 1 - count):
                yield " ".join(found[first:first + count])


    def character_ngrams(text, low, high):
        """Within words, with a space before and after each (scikit-learn's `char_wb`)."""
        for word in text.split():
            word = f" {word} "
            for count in range(min(low, len(word)), min(high, len(word)) + 1):
                for first in range(len(word) + 1 - count):
                    yield word[first:first + count]


    class TFIDF:
        """Counts of n-grams, weighted, each unit's scaled to length 1, into a logistic regression."""

        def __init__(self, config, weights, folder):
            self.sublinear = config["sublinear"]
            self.weights, self.biases = weights["weights"], weights["biases"]
            self.units = []
            first = 0
            for unit, cut in [("word", word_ngrams), ("character", character_ngrams)]:
                if config[f"{unit}_ngrams"]:
                    grams, starts = weights[f"{unit}.grams"].tobytes(), weights[f"{unit}.starts"].tolist()
                    columns = {grams[start:end].decode(): column for column, (start, end) in enumerate(zip(starts, starts[1:]))}
                    self.units.append((cut, config[f"{unit}_ngrams"], columns, weights[f"{unit}.idf"].astype(float), first))
                    first += len(columns)

        def logits(self, text):
            logits = self.biases.astype(float)
            for cut, (low, high), columns, idf, first in self.units:
                known = collections.Counter(columns[gram] for gram in cut(text, low, high) if gram in columns)
                if known:
                    places, counts = numpy.array(list(known)), numpy.array(list(known.values()), float)
                    values = (1 + numpy.log(counts) if self.sublinear else counts) * idf[places]
                    logits += values / numpy.linalg.norm(values) @ self.weights[first + places].astype(float)
            return logits


    class Words:
        """Cuts a text into words and signs, as bench's tokenizer `words` does."""

        def __init__(self, config):
            self.placeholders = config["placeholders"]
            self.emoji = {number for first, last in config["emoji"] for number in range(first, last + 1)}

        @staticmethod
        def is_ideograph(sign):
            return any(first <= ord(sign) <= last for first, last in (
                (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
                (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)))

        def is_of_word(self, sign):
            return unicodedata.category(sign or " ")[0] in "LNM" and not self.is_ideograph(sign) and sign != "\u02bc"

        def word_end(self, text, start):
            end = start
            while end < len(text):
                sign = text[end]
                if self.is_ideograph(sign):
                    return end + 1 if end == start else end
                # Apostrophes and joiners belong to the word that goes on after them.
                joins = sign in "'\u2019\u02bc\u200c\u200d" and end > start and self.is_of_word(text[end + 1:end + 2])
                if not joins and not self.is_of_word(sign):
                    return end
                end += 1
            return end

        def emoji_end(self, text, start):
            """An emoji with its modifiers, a family, or a flag."""
            def is_letter_of_flag(place):
                return "\U0001f1e6" <= text[place:place + 1] <= "\U0001f1ff"

            def extends(sign):
                return (unicodedata.category(sign)[0] == "M" or sign in "\u200c\u200d\uff9e\uff9f"
                        or "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f")

            end = start + (2 if is_letter_of_flag(start) and is_letter_of_flag(start + 1) else 1)
            while end < len(text):
                joined = (text[end - 1] == "\u200d" and ord(text[end]) in self.emoji and not is_letter_of_flag(start)
                          and not is_letter_of_flag(end))
                if not joined and not extends(text[end]):
                    break
                end += 1
            return end

        def __call__(self, text):
            found, start = [], 0
            while start < len(text):
                end = self.word_end(text, start)
                if end > start:
                    found.append(re.sub("[\u2019\u02bc]", "'", text[start:end]))
                    start = end
                    continue
                placeholder = next((word for word in self.placeholders if text.startswith(word, start)), None)
                end = start + len(placeholder or " ")
                if not placeholder and ord(text[start]) in self.emoji:
                    end = self.emoji_end(text, start)
                if not is_space(text[start]) and unicodedata.category(text[start]) not in ("Cc", "Cf"):
                    found.append(text[start:end])
                start = end
            return found


    def sigmoid(values):
        return 0.5 + 0.5 * numpy.tanh(0.5 * values)


    def softmax(values):
        values = numpy.exp(values - values.max())
        return values / values.sum()


    def rnn(state, cell, inputs, recurrent):
        return numpy.tanh(inputs + recurrent), cell


    def gru(state, cell, inputs, recurrent):
        (r, z, n), (r_state, z_state, n_state) = numpy.split(inputs, 3), numpy.split(recurrent, 3)
        z, n = sigmoid(z + z_state), numpy.tanh(n + sigmoid(r + r_state) * n_state)
        return (1 - z) * n + z * state, cell


    def lstm(state, cell, inputs, recurrent):
        i, f, g, o = numpy.split(inputs + recurrent, 4)
        cell = sigmoid(f) * cell + sigmoid(i) * numpy.tanh(g)
        return sigmoid(o) * numpy.tanh(cell), cell


    class WordNetwork:
        """Word vectors of a text into a network that gives one vector, a linear classifier; the names are PyTorch's."""

        def __init__(self, config, weights, folder):
            self.config, self.words = config, Words(config)
            self.weights = {name: values.astype(float) for name, values in weights.items()}
            known = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
            # bench compares words by canonical equivalence; of equal ones the first has the number.
            self.numbers = {unicodedata.normalize("NFC", word): number for number, word in reversed(list(enumerate(known)))}

        def number(self, word):
            """1 stands for every unknown word."""
            return self.numbers.get(unicodedata.normalize("NFC", word), 1)

        def logits(self, text):
            words = self.words(text)[:self.config["maximum_tokens"]]
            vectors = self.weights["embedding.weight"][[self.number(word) for word in words] or [1]]
            return self.weights["classifier.weight"] @ self.vector(vectors) + self.weights["classifier.bias"]


    class Recurrent(WordNetwork):
        """Recurrent layers, the last one's states pooled."""

        STEPS = {"rnn": rnn, "gru": gru, "lstm": lstm}

        def read(self, inputs, name, order):
            """[time, inputs] to [time, hidden], in the order of the steps that is given."""
            kind = self.config["bench_model"]
            inputs = inputs @ self.weights[f"{kind}.weight_ih_{name}"].T + self.weights[f"{kind}.bias_ih_{name}"]
            weight, bias = self.weights[f"{kind}.weight_hh_{name}"], self.weights[f"{kind}.bias_hh_{name}"]
            state = cell = numpy.zeros(weight.shape[1])
            states = numpy.empty((len(inputs), len(state)))
            for step in order:
                state, cell = self.STEPS[kind](state, cell, inputs[step], weight @ state + bias)
                states[step] = state
            return states

        def pooled(self, states):
            pooling, hidden = self.config["pooling"], self.config["hidden"]
            if pooling == "last":
                return numpy.concatenate([states[-1, :hidden], states[0, hidden:]])
            if pooling == "mean":
                return states.mean(0)
            if pooling == "max":
                return states.max(0)
            seen = numpy.tanh(states @ self.weights["attention.projection.weight"].T
                              + self.weights["attention.projection.bias"])
            return softmax(seen @ self.weights["attention.score.weight"][0]) @ states

        def vector(self, states):
            for layer in range(self.config["layers"]):
                steps = range(len(states))
                runs = [self.read(states, f"l{layer}", steps)]
                if self.config["bidirectional"]:
                    runs.append(self.read(states, f"l{layer}_reverse", reversed(steps)))
                states = numpy.concatenate(runs, 1)
            return self.pooled(states)


    class Convolutional(WordNetwork):
        """Filters over windows of words, the largest answer of each."""

        def vector(self, vectors):
            found = []
            for width in self.config["windows"]:
                empty = numpy.zeros((width - 1, vectors.shape[1]))
                rows = numpy.concatenate([empty, vectors, empty])
                cut = numpy.stack([rows[first:first + width].ravel() for first in range(len(rows) + 1 - width)])
                answers = cut @ self.weights[f"convolution.{width}.weight"].T + self.weights[f"convolution.{width}.bias"]
                found.append(numpy.maximum(answers.max(0), 0))
            return numpy.concatenate(found)


    KINDS = {**dict.fromkeys(Recurrent.STEPS, Recurrent), "cnn": Convolutional}


    def tensors(file):
        """The arrays of a safetensors file by name."""
        data = file.read_bytes()
        start = 8 + int.from_bytes(data[:8], "little")
        kinds = {"F32": "<f4", "I64": "<i8", "U8": "u1"}
        entries = {name: entry for name, entry in json.loads(data[8:start]).items() if name != "__metadata__"}
        return {name: numpy.frombuffer(data[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]],
                                       kinds[entry["dtype"]]).reshape(entry["shape"]) for name, entry in entries.items()}


    class Model:
        def __init__(self, folder=pathlib.Path(__file__).parent, prepared=False):
            """`prepared`: the texts have gone through the steps of `bench_text` already."""
            folder = pathlib.Path(folder)
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            self.steps, self.labels = steps_to_do(config["bench_text"], prepared), config["labels"]
            self.has_probabilities = config.get("probabilities", True)
            kind = TFIDF if "word_ngrams" in config else KINDS[config["bench_model"]]
            self.network = kind(config, tensors(folder / "model.safetensors"), folder)

        def logits(self, text):
            return self.network.logits(prepared(text, self.steps))

        def probabilities(self, text):
            return softmax(self.logits(text)).tolist()

        def predict(self, texts):
            found = answers(self, texts)
            for answer in [] if self.has_probabilities else found:
                answer.update(probability=None, probabilities={})
            return found


    if __name__ == "__main__":
        main()

    """#
}
