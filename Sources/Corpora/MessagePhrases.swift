/// Words that every task shares and that say nothing about the label.
enum MessagePhrases {
  static let openers = [
    "Hello,", "Hi there,", "Good morning,", "Dear team,", "Good evening,", "To whom it may concern,",
    "A short note from a customer.", "I hope you are well.", "My feedback.",
  ]
  static let closers = [
    "Thank you.", "Thanks in advance.", "Kind regards.", "Best wishes.", "Please get back to me.", "That is all.",
    "Greetings from the north.", "You may call me any time.",
  ]
  /// Each clause ends with one of these.
  static let adjuncts = [
    "this time", "for us", "on my side", "in my case", "once again", "from start to finish", "to be honest",
    "since Monday", "the whole month", "at our place", "to my surprise", "on the whole", "for weeks",
    "day after day", "by my standards", "so far", "as usual", "in every respect", "over the weekend", "at home",
  ]
  static let facts = [
    "I have been with you for {n} months", "I wrote to you {n} days ago", "My customer number ends with {n}",
    "There are {n} of us in the house", "I am {n} years old", "I read your letter of last Friday",
    "It is ticket {n}", "I live {n} kilometres from town",
  ]

  static func ownFacts(_ domain: GeneratorSettings.Domain) -> [String] {
    switch domain {
    case .ecommerce:
      [
        "I ordered {n} items in May", "The basket held {n} articles", "I shop with you every {n} weeks",
        "It was order number {n}", "I bought a jacket in size {n}", "The shop lists {n} colours of it",
      ]
    case .telecom:
      [
        "I use about {n} gigabytes", "My contract runs for {n} months", "We have {n} devices on the network",
        "The router stands {n} metres away", "I make {n} calls a day", "My mobile plan is the {n} tariff",
      ]
    case .finance:
      [
        "I hold an account with branch {n}", "I pay {n} bills by transfer", "My savings plan is {n} years old",
        "I opened the depot {n} weeks ago", "My loan has {n} instalments", "I have {n} shares in the fund",
      ]
    }
  }
}
