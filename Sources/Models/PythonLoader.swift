/// Parts that the Python programs in exported folders have in common.
enum PythonLoader {
  /// From a raw text to what the tokenizer is given. Imports `re` and `unicodedata`.
  ///
  /// Of the steps it does `lowercase` and what of `clean` is white space, control characters and NFC; where a text or a
  /// model needs more than that, it stops and says so.
  static let preparation = #"""
    def is_space(sign):
        """Unicode's property White_Space, to which Python adds four control characters."""
        return sign.isspace() and not "\x1c" <= sign <= "\x1f"


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


    def steps_to_do(steps, is_prepared):
        """Those of bench_text that are left, an error where this program does not know one of them."""
        steps = [] if is_prepared else steps
        unknown = [step for step in steps if step not in STEPS]
        if unknown:
            raise ValueError(f"bench does {', '.join(unknown)} before the tokenizer, and this program does not: give it "
                             "texts after all of bench_text, and say so (prepared=True, --prepared)")
        return steps


    def prepared(text, steps):
        for step in steps:
            text = STEPS[step](text)
        return text


    """#

  /// Answers of a `Model` with `labels` and `probabilities(text)`, and the command line. Imports `argparse`, `json` and
  /// `sys`.
  static let program = #"""
    def answers(model, texts):
        """Of each text: label, its probability, and the probabilities of all classes; nothing of a blank one.

        A text with HTML or a link is a ValueError that names its place: give texts without, or prepared ones.
        """
        result = []
        for place, text in enumerate(texts):
            try:
                values = [] if all(map(is_space, text)) else model.probabilities(text)
            except ValueError as error:
                raise ValueError(f"texts[{place}]: {error}") from None
            best = max(range(len(values)), key=values.__getitem__, default=None)
            result.append({"label": None if best is None else model.labels[best],
                           "probability": None if best is None else values[best],
                           "probabilities": dict(zip(model.labels, values))})
        return result


    def lines(content):
        """The lines of bytes as `bench predict` has them: LF or CRLF alone ends one, the last needs no end."""
        parts = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        if not parts[-1]:
            parts.pop()
        return [part.removesuffix(b"\r").decode("utf-8") for part in parts]


    def main():
        parser = argparse.ArgumentParser(description="Labels texts as bench does.")
        parser.add_argument("texts", nargs="+", help="texts; - reads one a line from standard input")
        parser.add_argument("--prepared", action="store_true", help="the texts went through bench_text's steps already")
        options = parser.parse_args()
        try:
            texts = lines(sys.stdin.buffer.read()) if options.texts == ["-"] else options.texts
        except UnicodeDecodeError:
            sys.exit("bench_model.py: standard input: got bytes that are not UTF-8, expected UTF-8 text")
        try:
            for answer in Model(prepared=options.prepared).predict(texts):
                print(json.dumps(answer, ensure_ascii=False))
        except ValueError as error:
            sys.exit(f"bench_model.py: {error}")


    """#
}
