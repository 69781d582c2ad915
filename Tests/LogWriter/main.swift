// Appends to a log, or follows it, as a process of its own that a test may kill at any moment.
//
//   logwriter write FOLDER SLOT FROM COUNT SEED MOST   appends the events FROM ..< COUNT of a slot; a line for each
//                                                      append that was acknowledged: how many events, their positions.
//                                                      After MOST appends it waits to be killed
//   logwriter follow FOLDER COUNT                      a line for each event until COUNT are seen: position, id, leaf
import Base
import EventLog
import Foundation
import Logging
import Provisioning

func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data("\(text)\n".utf8))
  exit(64)
}

func open(_ folder: String, readOnly: Bool) throws -> Log {
  try Log(
    path: folder + "/ledger.sqlite", lockPath: folder + "/ledger.lock", origin: "example.org/test",
    clock: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) },
    logger: Logger(label: "logwriter") { _ in SwiftLogNoOpLogHandler() }, readOnly: readOnly)
}

/// In one call, so that a line is whole or not there.
func line(_ text: String) {
  let bytes = Array("\(text)\n".utf8)
  _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
}

let arguments = CommandLine.arguments
switch arguments.dropFirst().first {
case "write" where arguments.count == 8:
  guard let slot = UInt64(arguments[3]), let from = Int(arguments[4]), let count = Int(arguments[5]),
    let seed = UInt64(arguments[6]), let most = Int(arguments[7])
  else { fail("a number is none") }
  var writer = SlotWriter(log: try open(arguments[2], readOnly: false), slot: slot, seed: seed)
  try await writer.run(from: from, to: count, most: most)
case "follow" where arguments.count == 4:
  guard let count = Int64(arguments[3]) else { fail("a number is none") }
  let log = try open(arguments[2], readOnly: true)
  follow: for try await batch in log.follow(batch: 500, pause: { try await Task.sleep(for: .milliseconds(5)) }) {
    line(batch.map { "\($0.position) \($0.id) \(Merkle.leaf($0.entry))" }.joined(separator: "\n"))
    if let last = batch.last, last.position >= count { break follow }
  }
default:
  fail("usage: logwriter write FOLDER SLOT FROM COUNT SEED MOST | follow FOLDER COUNT")
}
