import Text

/// Names of columns that a message may print: a header's beyond doubt.
///
/// Without a header the first row stands where names belong, and that is somebody's message. So names are printed where
/// all of them are such as a manifest asks for, or made of words from a closed list; else only those of the first kind.
struct ColumnNames {
  private let names: [String]
  private let wanted: [String]

  init(_ names: [String], wanted: [String]) { (self.names, self.wanted) = (names, wanted) }

  /// Those that may be printed, in order, with every character that is not seen as its number.
  var printable: [String] {
    let all = areUsual
    return names.filter { all || isWanted($0) }.map { ClassNames.visible($0) }
  }

  /// Whether each of them is wanted or made of words that people call columns by.
  var areUsual: Bool { names.allSatisfy { isWanted($0) || Self.isUsual($0) } }

  /// Whether one of them is wanted, or nearly so: the line is a header.
  var hasWanted: Bool { names.contains(where: isWanted) }

  /// `one of `text`, `label` and 2 more`, at most 20 of them; nil where none may be printed.
  var list: String? {
    let shown = printable.prefix(20).map { "`\($0)`" }
    let more = names.count - shown.count
    return shown.isEmpty ? nil : "one of " + shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// The column that was probably meant by `name`: one that looks like it, or is spelt nearly so.
  func suggestion(for name: String) -> String? {
    if let alike = names.first(where: { looksLike($0, name) }) { return ClassNames.visible(alike) }
    return Spelling.nearest(to: name, among: printable)
  }

  private func isWanted(_ name: String) -> Bool {
    wanted.contains { $0 == name || looksLike(name, $0) || isMisspelt(name, $0) }
  }

  private static func isUsual(_ name: String) -> Bool {
    let words = words(of: name)
    let isWritten = name.unicodeScalars.allSatisfy { isOfWord($0) || "_-./ #".unicodeScalars.contains($0) }
    // A number alone is no name.
    return name.utf8.count <= 40 && isWritten && !words.allSatisfy(isSmall)
      && words.allSatisfy { known.contains($0) || isSmall($0) }
  }

  /// Equal but for case, blanks, invisible characters or accents.
  private func looksLike(_ name: String, _ other: String) -> Bool {
    name.utf8.count <= 200 && !ClassNames.alike([name, other]).isEmpty
  }

  /// Short words are near to each other by chance, and so are names of people: the first letter is rarely mistyped.
  private func isMisspelt(_ name: String, _ other: String) -> Bool {
    name.utf8.count > 4 && name.utf8.count <= 40 && name.unicodeScalars.first == other.unicodeScalars.first
      && !name.contains(" ") && Spelling.nearest(to: other, among: [name]) != nil
  }

  /// The words of a name, in lower case: `conversationId` and `conversation_id` are two, `text2` is one and a number.
  static func words(of name: String) -> [String] {
    var words: [String] = [], word = "", wasLower = false, wasDigit = false
    for scalar in name.unicodeScalars {
      let isDigit = "0"..."9" ~= scalar, isInside = isOfWord(scalar)
      if !isInside || isDigit != wasDigit || scalar.properties.isUppercase && wasLower {
        if !word.isEmpty { words.append(word.lowercased()) }
        word = ""
      }
      if isInside { word.unicodeScalars.append(scalar) }
      (wasLower, wasDigit) = (scalar.properties.isLowercase, isDigit)
    }
    if !word.isEmpty { words.append(word.lowercased()) }
    return words
  }

  /// A letter, or one of the digits from 0 to 9.
  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || "0"..."9" ~= scalar
  }

  private static func isSmall(_ word: String) -> Bool {
    word.utf8.count <= 2 && word.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// Words of which people make names of columns, in the languages that bench's users write most.
  private static let known: Set<String> = [
    "text", "texts", "label", "labels", "category", "categories", "class", "classes", "intent", "sentiment",
    "utterance",
    "message", "messages", "id", "ids", "key", "index", "conversation", "dialogue", "dialog", "turn", "talk", "thread",
    "session", "ticket", "tickets", "case", "target", "rating", "stars", "star", "review", "comment", "query",
    "question",
    "answer", "reply", "sentence", "title", "body", "subject", "description", "tweet", "document", "doc", "topic",
    "score", "polarity", "emotion", "created", "updated", "at", "on", "of", "by", "the", "to", "from", "timestamp",
    "date",
    "time", "day", "year", "month", "customer", "client", "user", "agent", "author", "sender", "name", "names",
    "company",
    "product", "issue", "sub", "channel", "source", "language", "lang", "split", "part", "fold", "group", "queue",
    "priority", "status", "state", "type", "kind", "tag", "tags", "annotation", "annotator", "gold", "content", "raw",
    "clean", "email", "mail", "phone", "number", "no", "nr", "num", "count", "length", "url", "link", "consumer",
    "complaint", "narrative", "input", "output", "code", "domain", "region", "country", "city", "account",
    "confidence", "probability", "prediction", "row", "column", "file", "reason", "feedback", "request", "response",
    "slot", "slots", "summary", "note", "notes", "amount", "genre", "genres", "de", "en", "fr", "es", "it",
    "nachricht", "nachrichten", "thema", "themen", "kategorie", "kategorien", "klasse", "betreff", "inhalt", "absicht",
    "stimmung", "anliegen", "beschreibung", "titel", "kommentar", "bewertung", "frage", "antwort", "kunde", "kunden",
    "nummer", "datum", "uhrzeit", "zeit", "sprache", "kanal", "gruppe", "anfrage", "beschwerde", "kundennummer",
    "texte", "catégorie", "categorie", "classe", "sujet", "objet", "contenu", "étiquette", "commentaire", "avis",
    "texto", "mensaje", "categoría", "categoria", "clase", "etiqueta", "asunto", "tema", "comentario", "fecha",
    "testo", "messaggio", "etichetta", "oggetto", "commento", "tekst", "bericht", "onderwerp",
  ]
}
