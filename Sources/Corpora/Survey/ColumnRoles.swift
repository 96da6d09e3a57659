/// What people call columns, the most telling first.
enum ColumnRoles {
  static let texts = [
    "text", "message", "utterance", "body", "review", "sentence", "complaint", "narrative", "query", "question",
    "comment", "feedback", "content", "instruction", "description", "tweet", "document", "title", "subject", "summary",
    // As German, French, Spanish, Italian and Dutch have them.
    "nachricht", "frage", "anfrage", "inhalt", "domanda", "pregunta", "vraag", "kommentar", "beschreibung", "texte",
    "commentaire", "texto", "mensaje", "comentario", "testo", "messaggio", "bericht", "tekst", "betreff",
  ]
  /// What was written in reply, or stands for many texts.
  static let answers = [
    "response", "answer", "reply", "resolution", "template", "url", "link", "antwort", "réponse", "respuesta",
    "risposta", "antwoord",
  ]
  static let labels = [
    "label", "intent", "category", "class", "sentiment", "queue", "topic", "emotion", "target", "polarity",
    "department", "product", "issue", "reason", "type",
    // As above.
    "kategorie", "klasse", "stimmung", "thema", "anliegen", "abteilung", "absicht", "categorie", "catégorie", "classe",
    "etichetta", "étiquette", "categoria", "categoría", "clase", "etiqueta", "sentimiento", "intención", "motivo",
    "motif", "categorieën",
  ]
  /// Of how or where a message came, which is not what it says.
  static let circumstances = [
    "channel", "source", "language", "locale", "country", "region", "status", "device", "platform", "kanal", "quelle",
    "sprache", "land", "canal", "langue", "idioma", "pays", "kanaal", "taal",
  ]
  static let ratings = ["rating", "stars", "star", "score", "overall", "grade", "points"]
  static let groups = [
    "conversation", "dialogue", "dialog", "thread", "session", "ticket", "customer", "user", "author", "reviewer",
    "client", "account", "speaker", "person", "group",
  ]

  /// How telling a name is: twice the place of a word that it is, or one more where it only has the word; nil where it has
  /// none of them.
  static func rank(_ name: String, _ known: [String]) -> Int? {
    // `text1` is a text.
    let words = ColumnNames.words(of: name).filter { word in !word.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
    let whole = words.joined()
    return known.enumerated().compactMap { index, word -> Int? in
      if whole == word || whole == word + "s" { return 2 * index }
      return words.contains { $0 == word || $0 == word + "s" } ? 2 * index + 1 : nil
    }.min()
  }
}
