public import ArgumentParser
import Base
import Foundation
import JSON
import Ledger
import Operations
public import Provisioning
import Reports

extension ErasureReason: ExpressibleByArgument {
  /// Reads a code, or a letter of Article 17(1).
  public init?(argument: String) {
    guard let reason = ErasureReason.meant(by: argument) else { return nil }
    self = reason
  }
}

/// `provledger erase`
struct EraseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Erase one person for good, and print a certificate.",
    discussion: """
      Examples:
        provledger erase ada@contoso.com --reason a --dry-run
        provledger erase ada@contoso.com --reason gdpr-art-17-1-a
        provledger erase k3v9q2m7x4p8w5t2 --reason retention-ended --yes --json

      The key that opens what the log holds about the person is deleted; the log itself stays as it is, and so do its
      proofs. Refused while the person is in the directory or under a legal hold; --force overrides an active account
      and a disable that no read has shown. It cannot be taken back.

      Reasons:
      \(ErasureReason.known.map { "  \($0.code): \($0.meaning)" }.joined(separator: "\n"))
        or a code of one's own, of a to z, 0 to 9 and hyphens
      The letters a to f stand for the first six. A --dry-run of what would be refused ends with 1.
      """)

  @OptionGroup var person: PersonOptions
  @Option(help: ArgumentHelp("Why, as a code.", valueName: "code"))
  var reason: ErasureReason
  @Flag(help: "Show what would go, and change nothing.")
  var dryRun = false
  @Flag(help: "Go on in spite of an active account or a disable that is not verified.")
  var force = false
  @Flag(help: "Do not ask.")
  var yes = false
  @Option(help: ArgumentHelp("Write the certificate to a new file too.", valueName: "file"))
  var certificate: String?

  func run() async throws {
    try await person.ledger.withLedger { ledger in
      let erasure = Erasure(ledger)
      let plan = try Self.sayingThatNothingWasErased { try erasure.plan(ledger.subject(person.user)) }
      let isRefused = plan.obstacles.contains { !force || !$0.canBeForced }
      if dryRun {
        show(plan, isRefused)
        if isRefused { throw ExitCode(.failures) }
        return
      }
      if !isRefused, !yes { try ask(plan) }
      // Before the deed, so that it cannot fail after it.
      let file = isRefused ? nil : try certificate.map(Self.make)
      try hand(try await erase(plan, erasure, file), to: file)
    }
  }

  /// Nobody who mistyped a name shall wonder whether somebody else is gone.
  private static func sayingThatNothingWasErased<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let fault as Fault {
      throw fault.sentence.contains("nothing is left to erase")
        ? fault : Fault(fault.code, "\(fault.sentence) Nothing was erased.")
    }
  }

  /// Whom it is about: the name that was typed, and the alias.
  private func who(_ alias: String) -> String { person.user == alias ? alias : "\(person.user) (alias \(alias))" }

  private func erase(_ plan: ErasurePlan, _ erasure: Erasure, _ file: FileHandle?) async throws -> ErasureCertificate {
    do {
      return try await erasure.run(plan.alias, reason: reason, force: force, confirmed: plan)
    } catch {
      if let certificate, file != nil { try? FileManager.default.removeItem(atPath: certificate) }
      throw error
    }
  }

  private func ask(_ plan: ErasurePlan) throws {
    for obstacle in plan.obstacles { Output.notice("Warning: \(obstacle.loss).") }
    try Confirmation.ask(
      "Erase \(who(plan.alias)) for good? The content of \(plan.events.of("event")) goes, and cannot be brought back.",
      otherwise: "Nothing was erased.")
  }

  /// The certificate is written before anything else: what may fail after the deed must not take it along.
  private func hand(_ done: ErasureCertificate, to file: FileHandle?) throws {
    let text = person.output.json ? done.json.text + "\n" : done.text
    try file?.write(contentsOf: Data(text.utf8))
    // Said even where the certificate cannot be printed.
    Output.notice(
      """
      Erased: \(who(done.plan.alias)), event \(done.position). `provledger report erasures` shows it again, `provledger log \
      prove event \(done.position)` proves it.
      """)
    Output.raw(text.utf8)
  }

  private static func make(_ path: String) throws -> FileHandle {
    do {
      return FileHandle(fileDescriptor: try PrivateFile.create(path), closeOnDealloc: true)
    } catch let failure as PrivateFile.Failure {
      throw Fault(.outputUnwritable, "\(path) cannot be made: \(failure.text). Name a new file; nothing was erased.")
    }
  }

  private func show(_ plan: ErasurePlan, _ isRefused: Bool) {
    if person.output.json { return Output.json(plan.json) }
    let content = "the content of \(plan.events.of("event")), \(plan.calls) about calls"
    Output.line("\(isRefused ? "would be refused" : "would erase") \(who(plan.alias)): \(content)")
    for obstacle in plan.obstacles {
      let wayOut = obstacle.canBeForced ? "refused without --force; with it, \(obstacle.loss)" : "refused"
      Output.line("\(Explanation.of(obstacle)): \(wayOut)")
    }
    for double in plan.doubles { Output.line("with it: \(double.alias), the person until a handover") }
    for place in plan.remains { Output.line("stays: \(place.sentence)") }
  }
}
