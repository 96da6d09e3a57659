import ArgumentParser
import Files
import Manifests

/// `bench schema`: for editors.
struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the manifest format as a JSON Schema (draft 2020-12).",
    discussion: """
      Editors complete and check manifests from it. In Visual Studio Code with
      the YAML extension, write the schema to a file and put this line first in
      the manifest:

        # yaml-language-server: $schema=bench.schema.json
      """)

  func run() { StandardStream.output.write(ManifestJSONSchema.text) }
}
