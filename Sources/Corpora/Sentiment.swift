/// Words and frames of the generated sentiment messages. Kinds are class indices: mixed, negative, positive.
enum Sentiment {
  static let classes = ["mixed", "negative", "positive"]
  static let mixed = 0
  static let negative = 1
  static let positive = 2

  static func opposite(_ kind: Int) -> Int { kind == positive ? negative : kind == negative ? positive : mixed }

  static let verbs = ["was", "has been", "seemed", "turned out"]

  /// Make two statements equals.
  static let equalJoints = ["while", "and yet also there is this:", "and at the same time", "and on the other hand"]

  /// `{d}` decides, `{o}` does not. Each cue stands before either place, and none touches a judging word.
  static let frames = [
    "{o}, but {d}", "{o}, but {d}", "although {o}, {d}", "{d}, although {o}",
    "last year {o}, this week {d}", "this week {d}, last year {o}",
    "my neighbour says {o}, I say {d}", "I say {d}, my neighbour says {o}",
  ]
  /// Statements beside the point.
  static let asides = ["last year {o}", "my neighbour says {o}"]
  static let denials = ["it was not true that", "nobody could say that"]
  static let affirmations = ["it was true that", "everybody could say that"]

  static let subjects = [
    "the service", "your support team", "the app", "the website", "the last update", "the hotline", "the answer",
    "the whole process", "the registration", "the newsletter", "the price", "your advice",
  ]

  static func ownSubjects(_ domain: GeneratorSettings.Domain) -> [String] {
    switch domain {
    case .ecommerce:
      [
        "the delivery", "the parcel", "the packaging", "the return", "the jacket", "the size", "the fabric",
        "the voucher", "the checkout", "the courier", "the product photo", "the gift box",
      ]
    case .telecom:
      [
        "the connection", "the network", "the router", "the reception", "the contract", "the roaming", "the technician",
        "the bandwidth", "the voicemail", "the installation", "the broadband", "the tariff",
      ]
    case .finance:
      [
        "the account", "the transfer", "the credit card", "the loan", "the interest rate", "the branch", "the mortgage",
        "the statement", "the cash machine", "the broker", "the savings plan", "the exchange rate",
      ]
    }
  }

  /// By kind.
  static let words: [[String]] = [
    ["hit and miss", "so so", "uneven", "a mixed bag", "half and half", "middling", "up and down", "two sided"],
    ["bad", "terrible", "awful", "poor", "disappointing", "useless", "frustrating", "unacceptable"],
    ["good", "excellent", "great", "wonderful", "impressive", "helpful", "pleasant", "outstanding"],
  ]

  /// By kind.
  static func ownWords(_ domain: GeneratorSettings.Domain) -> [[String]] {
    switch domain {
    case .ecommerce:
      [
        ["half worn", "patchwork", "nearly right", "partly stitched", "in between", "of two qualities"],
        ["damaged", "flimsy", "scratched", "torn", "shabby", "crooked"],
        ["sturdy", "stylish", "spotless", "comfortable", "punctual", "beautiful"],
      ]
    case .telecom:
      [
        ["on and off", "fluctuating", "changeable", "half strength", "wavering", "now here now there"],
        ["laggy", "choppy", "sluggish", "throttled", "jammed", "crackling"],
        ["stable", "lightning fast", "crystal clear", "seamless", "strong", "uninterrupted"],
      ]
    case .finance:
      [
        ["break even", "neither cheap nor dear", "lukewarm", "of two minds", "balanced out", "mediocre"],
        ["opaque", "overpriced", "inaccurate", "misleading", "suspicious", "costly"],
        ["transparent", "secure", "fair", "accurate", "profitable", "trustworthy"],
      ]
    }
  }
}
