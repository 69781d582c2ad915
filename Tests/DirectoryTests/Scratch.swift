import Base
import Foundation
import Provisioning
import Testing

@testable import Directory

/// A temporary folder that goes with its owner.
final class Scratch: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "directory-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Reads one file with the given content.
func read(
  _ bytes: some Sequence<UInt8>, format: DirectoryFormat? = nil, limits: Limits = Limits()
) throws -> DirectoryReading {
  let scratch = try Scratch()
  return try readFiles([scratch.write("export", bytes)], limits, format: format)
}

/// Reads files within some limits.
func readFiles(_ paths: [String], _ limits: Limits, format: DirectoryFormat? = nil) throws -> DirectoryReading {
  try DirectoryReader.read(DirectoryFiles(paths: paths, limits: limits), format: format, limits: limits)
}

func read(_ text: String, format: DirectoryFormat? = nil, limits: Limits = Limits()) throws -> DirectoryReading {
  try read(text.utf8, format: format, limits: limits)
}

/// Expects a fault with a code and, unless nil, at a line.
func expectFault(
  _ code: FaultCode, line: Int? = nil, location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
  do {
    try body()
    Issue.record("accepted", sourceLocation: location)
  } catch let fault as Fault {
    #expect(fault.code == code, sourceLocation: location)
    #expect(fault.code.exit == .input, sourceLocation: location)
    #expect(fault.place?.line == line, sourceLocation: location)
    #expect(fault.description.utf8.count < 600, sourceLocation: location)
  } catch {
    Issue.record(error, sourceLocation: location)
  }
}

extension DirectoryReading {
  var isSnapshot: Bool { kind == .snapshot }
  var ids: [String] { changes.map(\.id) }
}
