// Trains an LSTM on a CSV file with the columns `text` and `label`: TrainLSTM messages.csv
import Compute
import Corpora
import Models
import Tasks
import Text
import Training

var source = FileSource()
source.files = [FileSource.File(path: CommandLine.arguments[1])]
let corpus = try CorpusReader.read(
  CorpusDeclaration(name: "mine", task: "label", domains: [DomainDeclaration(name: "all", source: .files(source))]),
  seed: 1)
let rows = corpus.domains[0].examples, random = Random(seed: 1, stream: "example")
let split = try Splitter(rows, classes: corpus.classes, settings: SplitSettings()).holdout(random: random)

let pipeline = try TextPipeline.fit(TextSettings(), texts: split.train.map { rows[$0].text })
func sequences(_ part: [Int]) -> LabelledSequences {
  LabelledSequences(
    sequences: part.map { pipeline.encode(rows[$0].text).ids },
    targets: Targets(part.map { rows[$0].target }, of: corpus.problem))
}

let network = RecurrentClassifier(
  .lstm, RecurrentConfiguration(), vocabulary: pipeline.embeddingRows, classes: corpus.classes.count, random: random,
  workspace: Workspace())
let pool = WorkerPool(threads: 2)
let outcome = try Trainer.train(
  network, training: sequences(split.train), validation: sequences(split.validation), classes: corpus.classes.count,
  settings: TrainingSettings(),
  primary: { $0.score($1, of: corpus.shape, by: .f1Macro) },
  random: random, pool: pool)

let test = sequences(split.test)
let probabilities = Inference.probabilities(network, sequences: test.sequences, pool: pool)
let scores = ClassificationMetrics(labels: test.labels, probabilities: probabilities, classes: corpus.classes.count)
print("epochs \(outcome.epochs), accuracy \(scores.accuracy), macro-F1 \(scores.macroF1)")
