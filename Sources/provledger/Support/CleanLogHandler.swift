import Base
import Logging
import Terminal

/// A log handler whose lines nothing from outside can shape, and that no bar meets: messages and values may hold what TeamViewer, or a file, says.
struct CleanLogHandler: LogHandler {
  private var handler: any LogHandler

  /// Cleans what another handler writes.
  init(_ handler: any LogHandler) { self.handler = handler }

  var logLevel: Logger.Level {
    get { handler.logLevel }
    set { handler.logLevel = newValue }
  }

  var metadata: Logger.Metadata {
    get { handler.metadata }
    set { handler.metadata = newValue }
  }

  var metadataProvider: Logger.MetadataProvider? {
    get { handler.metadataProvider }
    set { handler.metadataProvider = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { handler[metadataKey: key] }
    set { handler[metadataKey: key] = newValue }
  }

  func log(event: LogEvent) {
    var event = event
    event.message = Logger.Message(stringLiteral: OutsideText.cleaned(event.message.description))
    event.metadata = event.metadata?.mapValues(Self.cleaned)
    Screen.shared.interrupt { handler.log(event: event) }
  }

  private static func cleaned(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
    switch value {
    case .string(let text): .string(OutsideText.cleaned(text))
    case .stringConvertible(let value): .string(OutsideText.cleaned(value.description))
    case .array(let values): .array(values.map(cleaned))
    case .dictionary(let values): .dictionary(values.mapValues(cleaned))
    }
  }
}
