import Families

/// The rungs of successive halving by epochs: all settings train for few epochs, the better third of them again for three
/// times as many, up to all epochs (Jamieson and Talwalkar 2016, figure 3; with thirds as in Li et al. 2018, section 3.6).
///
/// Every trial trains from the start, with a learning rate that falls over its own epochs, so that each is a model which a
/// manifest with its settings has.
public struct Halving: Sendable, Equatable {
  public struct Rung: Sendable, Equatable {
    /// Settings that train on it.
    public var count: Int
    /// All epochs are so many times its own.
    public var divisor: Int
  }

  public static let reduction = 3
  /// The first rung first; one of them where there are not enough settings or epochs for two.
  public var rungs: [Rung]

  /// - Parameters:
  ///   - count: settings on the first rung.
  ///   - epochs: on the last rung, where none has less than one on the first.
  public init(settings count: Int, epochs: Int) {
    var divisors = [1]
    while let next = divisors.first.map({ $0 * Self.reduction }), next <= count, next <= epochs {
      divisors.insert(next, at: 0)
    }
    var left = count
    rungs = divisors.map { divisor in
      defer { left /= Self.reduction }
      return Rung(count: left, divisor: divisor)
    }
  }

  /// Trials on all rungs.
  public var trials: Int { rungs.reduce(0) { $0 + $1.count } }

  /// What they cost, in trainings of all epochs.
  public var trainings: Double { rungs.reduce(0) { $0 + Double($1.count) / Double($1.divisor) } }

  /// The most settings that so many trials have room for.
  public init(trials: Int, epochs: Int) {
    let count = (1...max(1, trials)).last { Halving(settings: $0, epochs: epochs).trials <= trials } ?? 1
    self.init(settings: count, epochs: epochs)
  }
}

extension TuningSettings {
  /// Trials of one model in one fit at most, the declared one among them.
  public func mostTrials(of model: ModelDeclaration) -> Int {
    search == .halving ? 1 + halving(of: model).trials : model.space.mostTrials(trials)
  }

  /// What they cost at most, in trainings of all epochs.
  public func mostTrainings(of model: ModelDeclaration) -> Double {
    search == .halving ? 1 + halving(of: model).trainings : Double(model.space.mostTrials(trials))
  }

  /// The rungs of a model beside its declared setting; a single one where it has no epochs.
  public func halving(of model: ModelDeclaration) -> Halving {
    Halving(trials: trials - 1, epochs: model.configuration.kind.isNeural ? model.training.epochs : 1)
  }
}
