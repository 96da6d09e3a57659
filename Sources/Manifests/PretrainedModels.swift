import Families
import Foundation
import Models
import Settings

/// Models that start from a checkpoint: their sizes come from its config.json, their tokenizer from its files.
enum PretrainedModels {
  /// What a checkpoint fixes; a stated value must be the same.
  static let fixed = [
    "layers", "hidden", "heads", "intermediate", "maximum_positions", "type_vocabulary", "layer_norm_epsilon",
  ]

  /// Fills in what the checkpoints say, and gives every mistake. Folders are looked into only with `readsFiles`.
  ///
  /// - Parameters:
  ///   - root: the manifest.
  ///   - readsFiles: whether there are folders.
  ///   - variants: gets, by a model's name, what its checkpoint's encoder has that no key says.
  static func resolve(
    _ root: inout Checked, readsFiles: Bool, variants: inout [String: EncoderVariant]
  ) -> [ManifestError] {
    var errors = [ManifestError](), found = [String: EncoderVariant]()
    let isTuned = if case .map = root["tuning"]?.content { true } else { false }
    root.update("models") { models in
      models.updateEach { name, model in
        guard let path = model["pretrained"], let folder = path.text, let position = path.position else { return }
        let place = KeyPathText("models")[name]
        func unreadable(_ error: CheckpointError) -> ManifestError {
          ManifestError(
            at: position, keyPath: place["pretrained"].text, got: "\(error) (`\(folder)`)",
            expected: "the folder of a Hugging Face checkpoint (relative to the working folder)",
            missing: FileKind.of(folder) == .nothing ? folder : nil)
        }
        guard let encoder = model.family?.kind.encoderKeys else {
          // It makes vectors of texts, and no key says its sizes.
          do throws(CheckpointError) { if readsFiles { _ = try open(folder) } } catch {
            errors.append(unreadable(error))
          }
          return
        }
        errors += tokenizerErrors(model, place)
        // What the checkpoint was trained on went into its tokenizer as it was.
        model.update("text") { text in
          for key in ["clean", "lowercase"] { text.update(key) { if $0.isDefault { $0.content = .flag(false) } } }
        }
        fillRates(&model)
        guard readsFiles else { return }
        do throws(CheckpointError) {
          let checkpoint = try open(folder)
          found[name] = checkpoint.configuration.variant
          errors += lowercaseErrors(model, checkpoint, place)
          if let pretrain = model["pretrain"], case .map = pretrain.content, let place = pretrain.position {
            errors += headErrors(checkpoint, at: place, KeyPathText("models")[name]["pretrain"])
          }
          if encoder.hasPooling {
            errors += poolerErrors(checkpoint, model, isTuned: isTuned, at: position, place)
          }
          encoder.update(&model) { sizes in
            errors += fill(
              &sizes, from: checkpoint.configuration, encoder.place(below: place), encoder)
          }
          errors += keptHeadErrors(checkpoint, model, place)
        } catch {
          errors.append(unreadable(error))
        }
      }
    }
    variants = found
    return errors
  }

  /// Where no rate is stated or searched: small steps for what has been learned, large ones for what begins anew.
  ///
  /// Low-rank changes begin at nothing and take larger ones. Measured on MiniLM-L6 (Documentation/Manifest.md); Devlin et al. 2019, appendix A.3, give 2e-5 to 5e-5 for BERT, over
  /// more steps.
  private static func fillRates(_ model: inout Checked) {
    guard model["training"]?["learning_rate"]?.isDefault == true, model["space"]?["training.learning_rate"] == nil
    else { return }
    let isSearched = model["space"]?["training.head_factor"] != nil
    let isLowRank = model.hasLowRankChanges
    let usual =
      isLowRank ? [("learning_rate", 1e-3), ("head_factor", 10)] : [("learning_rate", 1e-4), ("head_factor", 100)]
    model.update("training") { training in
      for (key, value) in usual {
        training.update(key) { field in
          guard field.isDefault, key == "learning_rate" || !isSearched else { return }
          field.content = .number(value)
          field.origin = "default for \(isLowRank ? "low-rank changes" : "a pretrained encoder")"
        }
      }
    }
  }

  /// Reads everything but the values of the tensors.
  private static func open(_ folder: String) throws(CheckpointError) -> BERTCheckpoint {
    switch FileKind.of(folder) {
    case .nothing: throw .unreadable("no such folder")
    case .file: throw .unreadable("a file")
    case .folder: break
    }
    let checkpoint = try BERTCheckpoint(folder: URL(fileURLWithPath: folder))
    _ = try checkpoint.tokenizer()
    return checkpoint
  }

  /// Pre-training goes on with the head that the checkpoint was made with.
  private static func headErrors(
    _ checkpoint: BERTCheckpoint, at position: SourcePosition, _ place: KeyPathText
  ) -> [ManifestError] {
    let architecture = checkpoint.configuration.architecture
    guard architecture == .bert else {
      return [
        ManifestError(
          at: position, keyPath: place.text, got: "a checkpoint of a \(architecture.rawValue)",
          expected: "one of a bert, whose pre-training alone is gone on with, or none here")
      ]
    }
    let expected =
      "a checkpoint with the head of its pre-training (cls.predictions.*) and the piece [MASK], or none here"
    if let missing = checkpoint.missingHeadTensor {
      return [
        ManifestError(
          at: position, keyPath: place.text, got: "a checkpoint without the tensor \(missing)", expected: expected)
      ]
    }
    if checkpoint.hasUntiedHead {
      return [
        ManifestError(
          at: position, keyPath: place.text, got: "a head with weights of its own (tie_word_embeddings: false)",
          expected: "one whose weights are the word vectors, or none here")
      ]
    }
    // A tokenizer of another kind has no words that could be hidden whole.
    if case .wordPiece(let tokenizer)? = try? checkpoint.tokenizer(), tokenizer.maskID != nil { return [] }
    return [
      ManifestError(at: position, keyPath: place.text, got: "a vocabulary without [MASK]", expected: expected)
    ]
  }

  /// A classifier that is taken as it is must be there whole.
  private static func keptHeadErrors(
    _ checkpoint: BERTCheckpoint, _ model: Checked, _ place: KeyPathText
  ) -> [ManifestError] {
    guard let key = model["keep_head"], key.flag == true, let position = key.position else { return [] }
    let pooling = model["pooling"]?.text.flatMap { TransformerConfiguration.Pooling(rawValue: $0) } ?? .cls
    do { try checkpoint.checkHead(pooling) } catch {
      return [
        ManifestError(
          at: position, keyPath: place["keep_head"].text, got: "true, and a checkpoint where \(error)",
          expected: "a fine-tuned classifier that Hugging Face's class of its architecture reads")
      ]
    }
    return []
  }

  /// Where the tokenizer lower-cases, doing it before changes nothing but for steps that look at words in between.
  private static func lowercaseErrors(
    _ model: Checked, _ checkpoint: BERTCheckpoint, _ place: KeyPathText
  ) -> [ManifestError] {
    let key = "text.lowercase", space = model["space"]
    guard let position = space?.entry(key)?.keyPosition,
      case .wordPiece(let tokenizer)? = try? checkpoint.tokenizer(), tokenizer.casing.lowercases,
      !["remove_stop_words", "stem"].contains(where: { space?["text." + $0] != nil || model["text"]?[$0]?.flag == true }
      )
    else { return [] }
    return [
      ManifestError(
        at: position, keyPath: place["space"][key].text,
        got: "a key that changes nothing here: the checkpoint's tokenizer lower-cases",
        expected: "keys that change the fit")
    ]
  }

  /// [CLS] is read through the checkpoint's own pooler, in every trial of a search.
  private static func poolerErrors(
    _ checkpoint: BERTCheckpoint, _ model: Checked, isTuned: Bool, at position: SourcePosition, _ place: KeyPathText
  ) -> [ManifestError] {
    let cls = TransformerConfiguration.Pooling.cls.rawValue
    guard let missing = checkpoint.missingPoolerTensor else { return [] }
    let searched = isTuned ? model["space"]?["pooling"] : nil
    guard let value = searched?.list.first(where: { $0.text == cls }) ?? (searched == nil ? model["pooling"] : nil),
      value.text == cls
    else { return [] }
    return [
      ManifestError(
        at: value.position ?? position, keyPath: (searched == nil ? place : place["space"])["pooling"].text,
        got: "\(cls), and a checkpoint without the tensor \(missing)",
        expected: "pooling: mean, or a checkpoint with a pooler")
    ]
  }

  private static func tokenizerErrors(_ model: Checked, _ place: KeyPathText) -> [ManifestError] {
    var errors = [ManifestError]()
    if let tokenizer = model["text"]?["tokenizer"], tokenizer.text == "words", let position = tokenizer.position {
      errors.append(
        ManifestError(
          at: position, keyPath: place["text"]["tokenizer"].text, got: "words for a checkpoint",
          expected: "wordpiece, or nothing: a checkpoint brings its tokenizer"))
    }
    if let file = model["text"]?["vocabulary_file"], file.text != nil, let position = file.position {
      errors.append(
        ManifestError(
          at: position, keyPath: place["text"]["vocabulary_file"].text, got: "a vocabulary for a checkpoint",
          expected: "nothing: a checkpoint brings its vocabulary"))
    }
    return errors
  }

  /// Sizes that are not written become the checkpoint's; others must agree with it where they cannot be chosen.
  private static func fill(
    _ sizes: inout Checked, from configuration: TransformerConfiguration, _ place: KeyPathText, _ encoder: EncoderKeys
  ) -> [ManifestError] {
    var values: [(String, Checked.Content)] = [
      ("layers", .integer(configuration.layers)), ("hidden", .integer(configuration.hidden)),
      ("heads", .integer(configuration.heads)), ("intermediate", .integer(configuration.intermediate)),
      ("maximum_positions", .integer(configuration.maximumPositions)),
      ("type_vocabulary", .integer(configuration.typeVocabulary)), ("dropout", .number(configuration.dropout)),
      ("attention_dropout", .number(configuration.attentionDropout)),
      ("initializer_range", .number(configuration.initializerRange)),
      ("layer_norm_epsilon", .number(configuration.layerNormEpsilon)),
    ]
    // What a classifier of ModernBERT reads stands in its configuration.
    if encoder.hasPooling, configuration.architecture == .modernBERT {
      values.append(("pooling", .text(configuration.pooling.rawValue)))
    }
    var errors = [ManifestError]()
    for (key, content) in values {
      var own = Checked(content)
      own.origin = "config.json"
      if sizes[key] == nil { sizes.insert(key, own, order: ["kind"] + encoder.binding.section.fields.map(\.key)) }
      sizes.update(key) { value in
        guard let position = value.position else {
          value = own
          return
        }
        guard fixed.contains(key), value.isValid, value.number != own.number else { return }
        errors.append(
          ManifestError(
            at: position, keyPath: place[key].text, got: shown(value),
            expected: "\(shown(own)), which the checkpoint has, or nothing"))
      }
    }
    return errors
  }

  private static func shown(_ value: Checked) -> String {
    value.integer.map { "\($0)" } ?? value.number.map { "\($0)" } ?? "nothing"
  }
}
