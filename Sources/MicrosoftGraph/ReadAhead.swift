import Base
import JSON

/// A page that is read while the one before is taken.
struct ReadAhead {
  private let link: String
  private let task: Task<GraphClient.Reply, any Error>

  init(_ link: String, _ read: @escaping @Sendable () async throws -> GraphClient.Reply) {
    self.link = link
    task = Task { try await read() }
  }

  /// What came of it; nil when another link is to be followed than was foreseen. Throws what reading it throws.
  func reply(to link: String) async throws -> GraphClient.Reply? {
    guard link.hasSameBytes(as: self.link) else {
      task.cancel()
      return nil
    }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  func cancel() { task.cancel() }
}

/// The link to the next page, found before the page is parsed: in Graph's answers it stands before the objects.
enum NextLink {
  /// The link, as far as it stands before the objects; nil where it does not, and in what is no page.
  static func find(in bytes: [UInt8]) -> String? {
    bytes.withUnsafeBufferPointer { buffer in
      var link: String?
      _ = try? JSONParser.read(buffer) { parser in
        try parser.object { parser, name in
          switch name {
          case "@odata.nextLink": link = try parser.string()
          case "value": throw Found()
          default: try parser.skip()
          }
          if link != nil { throw Found() }
        }
      }
      return link
    }
  }

  private struct Found: Error {}
}
