import ArgumentParser
import Base
import Foundation
import JSON
import Logging
import Synchronization

/// How log lines are written to standard error.
enum LogFormat: String, CaseIterable, Sendable {
  case text
  case json

  /// The one that this process writes.
  static let chosen = Mutex(LogFormat.text)

  /// A handler that writes so.
  func handler(_ label: String) -> any LogHandler {
    switch self {
    case .text: CleanLogHandler(StreamLogHandler.standardError(label: label))
    case .json: JSONLogHandler(label: label)
    }
  }
}

/// What a command takes whose work may have something to log.
struct LogOptions: ParsableArguments {
  @Option(
    name: .customLong("log-format"),
    help: "Log lines on standard error as text, or as one JSON object each: text, json.",
    completion: .words(LogFormat.self), transform: choice)
  var format = LogFormat.text

  func validate() { LogFormat.chosen.withLock { $0 = format } }
}

/// Writes each log line as one JSON object: `time`, `level`, `logger`, `message`, `metadata`, and `error` where there is
/// one. The names stay.
struct JSONLogHandler: LogHandler {
  let label: String
  var logLevel = Logger.Level.info
  var metadata = Logger.Metadata()
  var metadataProvider: Logger.MetadataProvider?
  /// Where the lines go.
  var write: @Sendable (String) -> Void = { Output.tell($0) }

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var all = metadata
    all.merge(metadataProvider?.get() ?? [:]) { $1 }
    all.merge(event.metadata ?? [:]) { $1 }
    var line = JSONObject()
    line["time"] = .string(SystemClock.now().description)
    line["level"] = .string(event.level.rawValue)
    line["logger"] = .string(label)
    line["message"] = .string(event.message.description)
    line["metadata"] = Self.json(.dictionary(all))
    if let error = event.error { line["error"] = .string("\(error)") }
    write(OutsideText.escaped(json: JSONValue.object(line).text) + "\n")
  }

  private static func json(_ value: Logger.Metadata.Value) -> JSONValue {
    switch value {
    case .string(let text): return .string(text)
    case .stringConvertible(let value): return .string(value.description)
    case .array(let values): return .array(values.map(json))
    case .dictionary(let values):
      var object = JSONObject()
      for (key, value) in values.sorted(by: { $0.key < $1.key }) { object[key] = json(value) }
      return .object(object)
    }
  }
}
