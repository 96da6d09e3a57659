// Our side of tokenizers_equal.py: reads a folder's tokenizer and a JSON list of texts, and answers lines of its input.
//
//   ids FILE      writes the ids of every text to FILE: for each its count and its ids, as little-endian 32-bit integers
//   escaped FILE  the same with special tokens left to the words
//   cut N FILE    the same with at most N ids
//   time          encodes every text and prints the seconds
import Foundation
import Text

let arguments = CommandLine.arguments
let texts = try JSONDecoder().decode([String].self, from: Data(contentsOf: URL(fileURLWithPath: arguments[2])))
let folder = URL(fileURLWithPath: arguments[1])
let tokenizer: CheckpointTokenizer
do {
  tokenizer = try CheckpointTokenizer.read(folder)
} catch {
  print("\(error)")
  exit(1)
}
print("ready \(tokenizer.count)")
fflush(nil)

func write(_ file: Substring, _ encode: (String) -> [Int32]) throws {
  var bytes = [UInt8]()
  func append(_ value: Int32) { for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) } }
  for text in texts {
    let ids = encode(text)
    append(Int32(ids.count))
    for id in ids { append(id) }
  }
  try Data(bytes).write(to: URL(fileURLWithPath: String(file)))
}

while let line = readLine() {
  let words = line.split(separator: " ")
  switch words[0] {
  case "ids": try write(words[1]) { tokenizer.encode($0) }
  case "escaped": try write(words[1]) { tokenizer.encode($0, controls: .escape) }
  case "cut": try write(words[2]) { tokenizer.encode($0, maximumLength: Int(words[1])!) }
  default:
    let clock = ContinuousClock(), start = clock.now
    var count = 0
    for text in texts { count += tokenizer.encode(text).count }
    let seconds = (clock.now - start) / .seconds(1)
    print("\(seconds) \(count)")
  }
  if words[0] != "time" { print("done") }
  fflush(nil)
}
