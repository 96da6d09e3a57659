// The corrected resampled t-test (Nadeau and Bengio 2003) of two models' scores on the same five folds.
import Statistics

let (bert, lstm) = ([0.8586, 0.8788, 0.9023, 0.8246, 0.8415], [0.8440, 0.8699, 0.8725, 0.8051, 0.8109])
let differences = zip(bert, lstm).map { $0 - $1 }
// Of each fold a fifth is the test part: rows tested over rows trained on.
guard let test = TTest.corrected(differences, testOverTrain: 0.2 / 0.8) else { fatalError("no variance") }
let interval = test.interval(level: 0.95)
print("difference \(test.meanDifference), t \(test.statistic), p \(test.p), 95 % \(interval.low) to \(interval.high)")
