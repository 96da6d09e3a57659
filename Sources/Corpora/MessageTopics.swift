/// Classes, phrases and frames of a task whose label is a subject matter.
struct MessageTopics: Sendable {
  /// Sorted by Unicode scalars.
  let classes: [String]
  /// Frames of one statement.
  let plain: [String]
  /// `{d}` decides, `{o}` does not; every cue stands before either place.
  let frames: [String]
  /// By class: phrases of every domain, and of one.
  let shared: [[String]]
  private let ecommerce: [[String]]
  private let telecom: [[String]]
  private let finance: [[String]]

  func own(_ domain: GeneratorSettings.Domain) -> [[String]] {
    switch domain {
    case .ecommerce: ecommerce
    case .telecom: telecom
    case .finance: finance
    }
  }

  /// One line of `rows` for each class: its name, then the phrases of all domains, of ecommerce, telecom and finance,
  /// between bars; phrases are separated by semicolons.
  init(_ rows: [String], plain: [String], frames: [String]) {
    let fields = rows.map { row in row.split(separator: "|").map { trimmed(String($0)) } }
    func phrases(_ column: Int) -> [[String]] {
      fields.map { $0[column].split(separator: ";").map { trimmed(String($0)) } }
    }
    classes = fields.map { $0[0] }
    (self.plain, self.frames) = (plain, frames)
    (shared, ecommerce, telecom, finance) = (phrases(1), phrases(2), phrases(3), phrases(4))
  }

  /// What customers write about.
  static let category = MessageTopics(
    [
      """
      account_access | my password; the login; the locked profile; the confirmation code
      | the wish list I cannot open; the guest login at the shop; the seller profile
      | the portal for my number; the code for the voicemail; the SIM card lock
      | the online banking login; the TAN generator; the card PIN
      """,
      """
      billing | the wrong amount; the double charge; the missing invoice; the direct debit
      | the voucher that was not deducted; the shipping fee; the refund for my return
      | the roaming charge; the third party billing; the fee for the hotline call
      | the overdraft fee; the annual card fee; the exchange fee
      """,
      """
      delivery | the late package; the wrong address; the tracking number; the courier
      | the parcel at the neighbour; the split shipment; the pickup point
      | the router that never arrived; the SIM card in the post; the technician appointment
      | the card in the post; the letter with the statement; the cheque book by mail
      """,
      """
      product_quality | the broken item; the poor quality; the faulty device; the missing part
      | the torn seam; the colour of the dress; the cracked mug
      | the weak signal; the dropped calls; the slow download speed
      | the low savings rate; the terms of the loan; the performance of the fund
      """,
      """
      staff_service | the rude agent; the long queue; the unanswered letter; the friendly adviser
      | the shop assistant; the chat with the seller; the return desk clerk
      | the call centre agent; the technician at the door; the sales person in the store
      | the branch manager; the loan officer; the counter clerk
      """,
      """
      technical | the crash of the app; the error message; the frozen screen; the last update
      | the empty basket after checkout; the search filter; the product page that will not load
      | the router firmware; the data counter in the app; the network settings
      | the failed transfer form; the mobile payment screen; the scan of the cheque
      """,
    ],
    plain: [
      "I am writing about {d}", "please look into {d}", "there is something to say about {d}", "I ask you about {d}",
      "we have to talk about {d}", "my message concerns {d}",
    ],
    frames: [
      "this is not about {o}, it is about {d}", "this is about {d}, it is not about {o}",
      "last year I wrote about {o}, this week I write about {d}",
      "this week I write about {d}, last year I wrote about {o}",
      "my neighbour complains about {o}, I complain about {d}",
      "I complain about {d}, my neighbour complains about {o}",
    ])

  /// What customers want done.
  static let intent = MessageTopics(
    [
      """
      cancel | cancel the contract; stop the subscription; withdraw my request
      | cancel my order; stop the shipment | end my mobile plan; stop the roaming pass
      | revoke the standing order; stop the transfer
      """,
      """
      change_address | change my address; update where I live; tell you my new street
      | ship to another address; change the delivery address | move my line to a new flat; change the installation address
      | change the address for statements; register my new residence
      """,
      """
      check_status | check the status; know how far it is; see the progress
      | track my parcel; see where my order is | see when my number is ported; check the outage status
      | check whether my payment arrived; see the state of my loan application
      """,
      """
      close_account | close my account; delete my profile; leave as a customer
      | delete my shop account; remove my seller profile | give up my phone number; delete my portal login
      | close my current account; dissolve my savings account
      """,
      """
      get_invoice | get an invoice; receive a copy of the bill; download the receipt
      | get a receipt for my purchase; print the invoice for the jacket
      | get an itemised phone bill; receive the bill on paper | get a bank statement; receive a tax certificate
      """,
      """
      get_refund | get my money back; ask for a refund; be reimbursed
      | return the shoes for a refund; get the price of the parcel back
      | be credited for the outage; get the roaming fee back | dispute a card charge; reclaim a debit
      """,
      """
      report_problem | report a fault; report an error; tell you that it is broken
      | report a damaged parcel; report a missing item | report a network failure; report a dead line
      | report a stolen card; report a suspicious payment
      """,
      """
      reset_password | reset my password; get a new login; unlock my access
      | recover my shop login; reset the password of the basket | reset the voicemail code; get a new SIM PIN
      | get a new card PIN; unlock my online banking
      """,
      """
      talk_to_person | talk to a person; speak with an agent; be called back
      | talk to the seller; speak with the shop staff | speak with a technician; talk to the network team
      | talk to my adviser; meet the branch manager
      """,
      """
      upgrade | upgrade my plan; order the premium version; get the larger package
      | order express membership; switch to the premium shop club | get a faster tariff; order more data volume
      | raise my credit limit; get a gold card
      """,
    ],
    plain: [
      "I want to {d}", "could you help me to {d}", "I need to {d}", "I would like to {d}", "is it possible to {d}",
      "please let me know how to {d}",
    ],
    frames: [
      "I do not want to {o}, I want to {d}", "I want to {d}, I do not want to {o}",
      "last year I asked to {o}, this week I ask to {d}", "this week I ask to {d}, last year I asked to {o}",
      "my neighbour hopes to {o}, I hope to {d}", "I hope to {d}, my neighbour hopes to {o}",
    ])
}
