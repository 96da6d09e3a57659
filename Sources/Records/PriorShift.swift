/// Accuracy on another domain as it would be if the classes were mixed there as they are on the own one.
///
/// Where the mix of classes differs, accuracy moves although the model answers each class as well as before. With
/// π(c) the share of class c among the own domain's test rows and recall(c) that on the other domain, the corrected
/// accuracy is Σ π(c)·recall(c): every target row of class c weighs π(c) ÷ (its class's share there), the importance
/// weight of prior probability shift (Elkan 2001; Storkey 2009, "When training and test sets are different").
/// Classes that the other domain's test rows do not hold have no recall; they are left out on both sides, and π
/// is divided by what remains.
///
/// Saerens, Latinne and Decaestecker's (2002) correction of the predictions themselves is not used: it changes the
/// model that is judged, and needs calibrated probabilities.
package struct PriorShift {
  package let accuracy: (inside: Double, outside: Double)

  /// Both trials are of one fit. nil where no class of the own domain's test rows is among the other's.
  package init?(inside: TrialRecord, outside: TrialRecord) {
    let places = Dictionary(uniqueKeysWithValues: outside.classes.enumerated().map { ($1, $0) })
    var (weight, own, other) = (0.0, 0.0, 0.0)
    for (label, row) in inside.confusion.enumerated() {
      guard let place = places[inside.classes[label]], outside.confusion.indices.contains(place) else { continue }
      let (here, there) = (row.reduce(0, +), outside.confusion[place].reduce(0, +))
      guard here > 0, there > 0 else { continue }
      weight += Double(here)
      own += Double(row[label])
      other += Double(here) * Double(outside.confusion[place][place]) / Double(there)
    }
    guard weight > 0 else { return nil }
    accuracy = (own / weight, other / weight)
  }
}
