extension Catalogue {
  /// Text that stands in public repositories, pinned to a commit.
  static let corpora: [CatalogueEntry] = [
    corpus(
      "banking77", "Banking77: 77 intents of a bank's customers, official split", licence: "CC BY 4.0",
      "PolyAI-LDN/task-specific-datasets", commit: "57ec275d8078af65b7731c2a98be812d844a6d6b",
      folders: [
        (
          "banking_data",
          [
            ("train.csv", 839_073, "b06e26ac675513959a63135f11b94ea7786ed02da65db93a5650d8838cbc664b"),
            ("test.csv", 239_961, "d12d6e3bc4c3103966ae786dc435913c0c563dfa328f5a3646d0e62cfeeb474d"),
          ]
        )
      ],
      manifest: """
        banking77:
          task: intent
          domain: banking
          train: "${data}/banking77/train.csv"
          test: "${data}/banking77/test.csv"
          text: text
          label: category
        """),
    corpus(
      "clinc150", "CLINC150: 150 intents in 10 domains, and out of scope, official split", licence: "CC BY 3.0",
      "clinc/oos-eval", commit: "828f8093932c8fe6ca7936c3d2e52903b1c523de",
      folders: [
        (
          "data",
          [
            ("data_full.json", 2_495_390, "36923c3705a59e08fe9c3883d8bc2dd966ef93e22cb78ac41171782a698d56e0"),
            ("domains.json", 3_818, "b947b579d3b8e74b06f93b01083d8efaff2888b43a3e362533bd88a6e1211b3a"),
          ]
        )
      ],
      manifest: """
        clinc150:
          task: intent
          domain: mixed
          format: clinc
          files: "${data}/clinc150/data_full.json"
        """),
    corpus(
      "goemotions", "GoEmotions: 27 emotions and neutral, several in a comment, official split", licence: "Apache-2.0",
      "monologg/GoEmotions-pytorch", commit: "b75f9d3a8b76bc1060687925b04ca98a1b8ea66b",
      folders: [
        (
          "data/original",
          [
            ("train.tsv", 3_519_053, "1c254a142be5c00e80d819b9ae1bbd36d94b2eeb8f4b1271846508d57e57d9c5"),
            ("dev.tsv", 439_059, "575489c079c9de1097062a01738f998590d6b7ead66dd1c9fd1d2ba01fd8bc62"),
            ("test.tsv", 436_706, "0587b2dd8b27b97352adbfc3fb083d46005c8946657fdc2b1ca8b1cc7f1f8be4"),
            ("labels.txt", 248, "45c3ef86782d2a4d7fedcd6d8c111aa0d0e94720689bd164fac94fefb4495a89"),
          ]
        )
      ],
      manifest: """
        goemotions:   # with problem: multi-label; labels.txt names the numbers, from 0
          task: emotion
          domain: comments
          format: tsv
          header: false
          quoting: none
          train: "${data}/goemotions/train.tsv"
          validation: "${data}/goemotions/dev.tsv"
          test: "${data}/goemotions/test.tsv"
          text: "1"
          label: "2"
        """),
    corpus(
      "arbanking77", "ArBanking77: Banking77 in Arabic, standard and four dialects, official split",
      licence: "CC BY-SA 4.0", "SinaLab/ArBanking77", commit: "2e3a5639e254bc28828ed0af6d3059d64d3b97fc",
      folders: [
        (
          "data",
          [
            (
              "Banking77_Arabized_MSA_PAL_train.csv", 2_811_933,
              "27e97bc55773c4077180adca298fd5d9bd9d15ab3974b39833d15b864691fa47"
            ),
            (
              "Banking77_Arabized_MSA_PAL_val.csv", 324_359,
              "d178f075b41206cd93974b49747216f7ca6bd786536010ff61f22d4ea00cf373"
            ),
            (
              "Banking77_Arabized_MSA_test.csv", 478_714,
              "2e72b0272a06c9d55afd8ceec562b6a11348602e28aceed1676dae2cdb16ec9b"
            ),
            (
              "Banking77_Arabized_PAL_test.csv", 446_345,
              "6d80436bf89c8257894baa178a34f090c01975671d33dfd83da5eb2501341a43"
            ),
            (
              "Banking77_Arabized_Saudi_test.csv", 426_961,
              "9c01583810f37152a734197c3bf80b6cf9c6d129be25c9e1eac27bc0cd91af74"
            ),
            (
              "Banking77_Arabized_Moroccan_test.csv", 464_383,
              "1c4063a2af8bc415a31d6ec53b18e23080fdd4814f10467f6b1819d827fa8de8"
            ),
            (
              "Banking77_Arabized_Tunisian_test.csv", 121_686,
              "1c7c7aded5b5a90e20608a2dd2f3435683f6090d722e284e6e466eee402ef7a0"
            ),
            ("Banking77_intents.csv", 4_960, "aaba4ba1e0f8471e4594c1e2c6122d3b97f864bda7b587b360e6a41f44269c93"),
          ]
        )
      ],
      manifest: """
        arbanking77:  # the labels are Arabic; Banking77_intents.csv maps them to Banking77's
          task: intent
          domain: standard
          train: "${data}/arbanking77/Banking77_Arabized_MSA_PAL_train.csv"
          validation: "${data}/arbanking77/Banking77_Arabized_MSA_PAL_val.csv"
          test: "${data}/arbanking77/Banking77_Arabized_MSA_test.csv"
          text: text
          label: label
        """),
    corpus(
      "telco_churn", "Telco customer churn: 19 attributes of 7,043 customers and who left, no text",
      licence: "Apache-2.0",
      "IBM/telco-customer-churn-on-icp4d", commit: "d5371f5d83a446ad5673cbcca3b814b926491f8a",
      folders: [
        (
          "data",
          [("Telco-Customer-Churn.csv", 970_457, "16320c9c1ec72448db59aa0a26a0b95401046bef5d02fd3aeb906448e3055e91")]
        )
      ],
      manifest: """
        telco:
          task: churn
          domain: telecommunications
          files: "${data}/telco_churn/Telco-Customer-Churn.csv"
          label: Churn
          columns:  # Experiments/telco-churn.yaml has all
            tenure: number
            MonthlyCharges: number
            Contract: category
        """),
    corpus(
      "bitext_support_intent", "Bitext customer support: 27 intents, made from templates", licence: "CDLA-Sharing-1.0",
      "bitext/customer-support-intent-detection-training-dataset", commit: "e970229e6473109417301b5edddb283917a10aac",
      folders: [
        (
          "data/train",
          [
            (
              "Bitext_Sample_Customer_Service_Training_Dataset.csv", 560_931,
              "4360971d9ed1884ddc3480b66b50bd3a0ee4b0f5726d1baff6025c69fb854f07"
            )
          ]
        ),
        (
          "data/dev",
          [
            (
              "Bitext_Sample_Customer_Service_Validation_Dataset.csv", 69_552,
              "d8bb2011de49a2fd7c12cf0c520e26cc266c8e28501906554a5e22a93e79d177"
            )
          ]
        ),
        (
          "data/test",
          [
            (
              "Bitext_Sample_Customer_Service_Testing_Dataset.csv", 70_166,
              "e5b8984f88ff4e032dec929c93ab15e8165b439056cce665959a386fc14d06d5"
            )
          ]
        ),
      ],
      manifest: """
        bitext:  # near copies straddle these parts
          task: intent
          domain: ecommerce
          train: "${data}/bitext_support_intent/Bitext_Sample_Customer_Service_Training_Dataset.csv"
          validation: "${data}/bitext_support_intent/Bitext_Sample_Customer_Service_Validation_Dataset.csv"
          test: "${data}/bitext_support_intent/Bitext_Sample_Customer_Service_Testing_Dataset.csv"
          text: utterance
          label: intent
        """),
    corpus(
      "multidogo", "MultiDoGO: dialogue acts of four companies' customers, official splits",
      licence: "CDLA-Permissive-1.0",
      "awslabs/multi-domain-goal-oriented-dialogues-dataset", commit: "baa30639c4b271f394b81443c842193407cdf26d",
      folders: [
        (
          "data/paper_splits/splits_annotated_at_turn_level",
          [
            ("finance/train.tsv", 2_070_448, "88d17fe400fd859ea60686d771333f58af99811bbe108dfd40035f79d1f0cfa7"),
            ("finance/dev.tsv", 297_593, "1091278fa9a33caa7847c18dd2d2de4a5ae6a875922f485659165e62aacf15f0"),
            ("finance/test.tsv", 592_511, "2bc4e19bb11fee50c7d16d3810662addd9d5de463134518752052a8267b72e44"),
            ("media/train.tsv", 1_610_116, "93336acb2840fa09dc0ebaebc168a526d1c665330c9b4e80087aa7c200fdd104"),
            ("media/dev.tsv", 229_025, "b414afeea1f2427cbf026ef50d52abc2746743bcb555658e7d87ae242fd81b9e"),
            ("media/test.tsv", 453_921, "ae6d37c6a9ebcdc64359e9a79245cc077daf1add125e762209b8940b9ff8374d"),
            ("insurance/train.tsv", 1_811_267, "290eb53eadb0d6d6dc986bc870b8600b1f66c64dbd76f677761ec06b24d350e7"),
            ("insurance/dev.tsv", 260_892, "235d9cf0571b64da28de5f4964a665744fd8d9486e8e45a7ce136f3f7e58efdd"),
            ("insurance/test.tsv", 514_009, "fd6703811450d7d3a5ee9671d44f422108e0188d96e774a38918809cf271413b"),
            ("airline/train.tsv", 1_897_575, "a1fe5779dd81ed22da718e3981e4ec1ff3853d4313bf07b7404612422df743d5"),
            ("airline/dev.tsv", 272_410, "9127571445872970357b9b7100a207ee4fccccb113fbbc2eab2d0816a169c701"),
            ("airline/test.tsv", 552_460, "eef0d39c592a7b785e87307e59d4386d0e42b5eb8fab0c8651c6d85befea0b3f"),
          ]
        )
      ],
      manifest: """
        multidogo:  # the labels that all four share; <div> joins two
          task: intent
          text: utterance
          label: intent
          keep_labels: [contentonly, confirmation, openinggreeting, closinggreeting, thankyou, rejection, outofdomain]
          domains:
            finance:
              train: "${data}/multidogo/finance/train.tsv"
              validation: "${data}/multidogo/finance/dev.tsv"
              test: "${data}/multidogo/finance/test.tsv"
            media:
              train: "${data}/multidogo/media/train.tsv"
              validation: "${data}/multidogo/media/dev.tsv"
              test: "${data}/multidogo/media/test.tsv"
            insurance:
              train: "${data}/multidogo/insurance/train.tsv"
              validation: "${data}/multidogo/insurance/dev.tsv"
              test: "${data}/multidogo/insurance/test.tsv"
            airline:
              train: "${data}/multidogo/airline/train.tsv"
              validation: "${data}/multidogo/airline/dev.tsv"
              test: "${data}/multidogo/airline/test.tsv"
        """),
    corpus(
      "blitzer_amazon", "Blitzer's product reviews: sentiment in four departments", licence: "unclear; for research",
      "hsqmlzno1/HATN", commit: "23facdb09a5ec0f29e9f69c5733e7ac7977b2211",
      folders: [
        (
          "raw_data",
          [
            ("books/review_negative", 2_838_113, "d573ed56a91d0f736b52e1ff4bf16c60abcf071652a956359a783ff53cd0d2fc"),
            ("books/review_positive", 2_770_976, "8ebf0d1cf6c863cb82948ff9f57fab73d416f009a480094cd3279f21580cff66"),
            ("dvd/review_negative", 2_765_805, "971f0d33e1dbe19f4fadf02aac3af03b553714cffd9608652dc03a53b8d60215"),
            ("dvd/review_positive", 2_955_548, "1b29d9c42ef636f504733c8bac50ff93ecfcd9997da63b3f82b155bc57406ed3"),
            (
              "electronics/review_negative", 1_867_012,
              "983322988bcf4e1e45d1f8be8e9b68c1522e0d22a034a1b9e2fb51ee9b9bb15e"
            ),
            (
              "electronics/review_positive", 1_600_608,
              "a2383072785c8349483af682d3798f1919809382cc76438d59ff44a42e6acd79"
            ),
            ("kitchen/review_negative", 1_534_149, "51c2b6a4781b952b7917f92b5934e7eda64e5d28bea9601888effa9428fa898a"),
            ("kitchen/review_positive", 1_446_205, "a3d57ede0e73cde23ba7d8a0234fc277f17b1bb9ccfb1094532ff4c70a915561"),
          ]
        )
      ],
      manifest: """
        blitzer:
          task: sentiment
          format: lines
          domains:
            books:
              classes:
                negative: "${data}/blitzer_amazon/books/review_negative"
                positive: "${data}/blitzer_amazon/books/review_positive"
            dvd:
              classes:
                negative: "${data}/blitzer_amazon/dvd/review_negative"
                positive: "${data}/blitzer_amazon/dvd/review_positive"
            electronics:
              classes:
                negative: "${data}/blitzer_amazon/electronics/review_negative"
                positive: "${data}/blitzer_amazon/electronics/review_positive"
            kitchen:
              classes:
                negative: "${data}/blitzer_amazon/kitchen/review_negative"
                positive: "${data}/blitzer_amazon/kitchen/review_positive"
        """),
    corpus(
      "bank_app_reviews_ethiopia", "Reviews of Ethiopian banks' apps, with stars", licence: "unclear",
      language: "English; some in Ge'ez script",
      "yokidans/EthiopianBankAppAnalysis_Week-2", commit: "467b183abfce65eb4f79e154af1b70ffdcc8dec2",
      folders: [
        (
          "task1-data-collection/data/raw",
          [
            ("bank_reviews.csv", 924_875, "fff94dd417a774832741f631234cc954c33abed2b3f1d7a49d9f0dde450d259a")
          ]
        )
      ],
      manifest: """
        bank_reviews:
          task: sentiment
          domain: banking
          files: "${data}/bank_app_reviews_ethiopia/bank_reviews.csv"
          text: review
          label: rating
          label_map: {"1": negative, "2": negative, "4": positive, "5": positive}
          drop_labels: ["3"]
        """),
  ]

  /// - Parameter folders: a folder of the repository, and its files with their bytes and SHA-256; they stand at the same
  ///   paths below the entry's folder.
  private static func corpus(
    _ name: String, _ title: String, licence: String, language: String = "English", _ repository: String,
    commit: String,
    folders: [(path: String, files: [(path: String, bytes: Int, sha256: String)])], manifest: String
  ) -> CatalogueEntry {
    let raw = "https://raw.githubusercontent.com/\(repository)/\(commit)"
    let files = folders.flatMap { folder in
      folder.files.map {
        RemoteFile(path: $0.path, address: "\(raw)/\(folder.path)/\($0.path)", sha256: $0.sha256, bytes: $0.bytes)
      }
    }
    return CatalogueEntry(
      kind: .corpus, name: name, title: title, licence: licence, language: language,
      repository: "https://github.com/\(repository)",
      revision: commit, manifest: manifest, files: files)
  }
}
