import Base
import Foundation
import Ledger
import Operations
import Provisioning
import Reports
import Sealing
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// `tools/recompute-reports.py` is a second implementation of two reports, in another language, that reads the events alone.
@Suite("Reports agree with a second implementation", .timeLimit(.minutes(5)))
struct RecomputeTests {
  private let place: TestLedger
  private let ledger: OpenLedger

  init() throws {
    place = try TestLedger()
    ledger = try place.open()
  }

  private func query(_ moment: Timestamp, _ period: Range<Timestamp>) throws -> ReportQuery {
    ReportQuery(
      period: period, asOf: try AsOf(moment, in: ledger), zone: "UTC", words: "a test", actor: .operator("olga"),
      version: "0")
  }

  /// Writes reports as of a moment, and returns the arguments by which the script checks them.
  private func write(_ number: Int, _ moment: Timestamp, from start: Timestamp) throws -> [String] {
    let access = try AccessReport(query(moment, moment..<moment)).document(of: ledger)
    let leavers = try AccessChangeReport(.leaver, query(moment, start..<moment), limit: .seconds(3600))
      .document(of: ledger)
    return [
      "--access", "\(moment)", try place.write("access-\(number).csv", access.csv), "--leavers", "\(start)",
      "\(moment)", "\(moment)", "3600", try place.write("leavers-\(number).csv", leavers.csv),
    ]
  }

  private func events() throws -> String {
    try place.write(
      "events.ndjson",
      ledger.recorded().map { String(decoding: try ledger.codec.opened($0), as: UTF8.self) + "\n" }.joined())
  }

  private func recompute(_ arguments: [String]) async throws -> (code: Int, output: String) {
    let result = try await Subprocess.run(
      .name("python3"), arguments: Arguments(["\(Walkthrough.repository)/tools/recompute-reports.py"] + arguments),
      output: .string(limit: 1 << 20), error: .combinedWithOutput)
    guard case .exited(let code) = result.terminationStatus else { return (-1, result.standardOutput) }
    return (Int(code), result.standardOutput)
  }

  @Test("on simulated years, row for row, with erasures and without", arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
  func years(seed: UInt64) async throws {
    var history = History(place, ledger, seed: seed)
    var moments = [place.clock.moment]
    for _ in 0..<12 {
      try await history.live(rounds: 1, erasing: seed.isMultiple(of: 2))
      place.clock.advance(.seconds(28 * 86_400))
      moments.append(place.clock.moment)
    }
    var arguments = [try events()]
    for (number, moment) in moments.enumerated().dropFirst() {
      arguments += try write(number, moment, from: moments[max(0, number - 3)])
    }
    let (code, output) = try await recompute(arguments)
    #expect(code == 0, "\(output)")
    #expect(output.split(separator: "\n").count == 24)
    #expect(output.contains(/leavers-\d+\.csv: [1-9]\d* rows/) && output.contains(/access-\d+\.csv: [1-9]\d* rows/))
  }

  @Test("and a row that somebody changed, or left out, is told")
  func forged() async throws {
    var history = History(place, ledger, seed: 7)
    let start = place.clock.moment
    try await history.live(rounds: 4, losing: true)
    let arguments = try [events()] + write(1, place.clock.moment, from: start)
    let path = "\(place.root)/leavers-1.csv"
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    #expect(try await recompute(arguments).code == 0)
    for forged in [
      whole.replacing(/,done,/, with: ",pending,", maxReplacements: 1),
      whole.split(separator: "\r\n").dropLast().map { $0 + "\r\n" }.joined(),
    ] where forged != whole {
      try place.write("leavers-1.csv", forged)
      let (code, output) = try await recompute(arguments)
      #expect(code == 1 && output.contains("by the events"))
    }
  }
}
