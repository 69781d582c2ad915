import ArgumentParser
import Base
import JSON
import Ledger
import Provisioning

/// `provledger config import`
struct ConfigImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Carry over a synchronization schema of Entra ID.",
    discussion: """
      Examples:
        provledger config import schema.json
        provledger config import schema.json -o rules.yaml

      Prints the sections `mapping` and `scope` for provledger.yaml. What cannot be carried
      over is named on standard error; what Entra itself would refuse is refused.
      """)

  @Argument(help: "The schema, as Microsoft Graph exports it.", completion: .file()) var file: String
  @Option(name: [.customShort("o"), .customLong("output")], help: "A new file (default: standard output).")
  var path: String?
  @OptionGroup var output: FormatOptions

  func run() throws {
    let read = try SchemaImport(file: file)
    let text = Configuration.sections(read.mapping, read.filter)
    let objections = Configuration.objections(to: text)
    for sentence in read.left { Output.notice("not carried over: \(sentence)") }
    for sentence in objections { Output.notice("to be changed where a tenant is read: \(sentence)") }
    if let path { try Output.make(text, path) }
    if output.json {
      Output.json([
        "left": .array(read.left.map(JSONValue.string)), "objections": .array(objections.map(JSONValue.string)),
        "yaml": .string(text),
      ])
    } else if path == nil {
      Output.text(text)
    }
  }
}

/// `provledger config export`
struct ConfigExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write scope and mapping as a synchronization schema.",
    discussion: """
      Examples:
        provledger config export > schema.json
        provledger config export provledger.yaml -o schema.json

      What a schema cannot say is named on standard error.
      """)

  @Argument(help: "The configuration (default: the ledger's provledger.yaml).", completion: .file())
  var file: String?
  @Option(name: [.customShort("o"), .customLong("output")], help: "A new file (default: standard output).")
  var path: String?
  @OptionGroup var ledger: LedgerOptions
  @OptionGroup var output: FormatOptions

  func run() throws {
    let file = file ?? OpenLedger.configurationPath(in: ledger.path)
    let configuration = try Configuration(yaml: try OpenLedger.configurationText(file), file: file)
    let schema = SchemaExport(configuration.mapping, configuration.scope)
    for sentence in schema.left { Output.notice("not carried over: \(sentence)") }
    if let path { return try Output.make(schema.json.text + "\n", path) }
    Output.json(schema.json)
  }
}

extension Output {
  /// Writes a new file. Throws `FaultCode.exportInTheWay`.
  fileprivate static func make(_ text: String, _ path: String) throws {
    do { try PrivateFile.make(Array(text.utf8), path: path) } catch {
      let reason = (error as? PrivateFile.Failure)?.text ?? "\(error)"
      throw Fault(.exportInTheWay, "\(path) cannot be made: \(reason). Name a new file.")
    }
  }
}
