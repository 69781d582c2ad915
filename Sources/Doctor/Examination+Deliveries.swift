import Base
import JSON
import Ledger
import Provisioning
import Reports
import Views

/// What keeps deliveries back, and what was delivered and is not so any more.
extension Examination {
  /// One account, one person: a worker never links an account that somebody has, so that it was an older program, or
  /// somebody who wrote into the log.
  static func shared(_ aliases: [String]) -> Finding {
    let names = aliases.joined(separator: " and ")
    return Finding(
      .failure, "account-shared", "\(names) are linked to one TeamViewer account.",
      remedy: """
        `provledger why` tells how each came to it. Whose address it shows keeps it; the others are linked anew before \
        anything is sent for them.
        """, facts: ["aliases": .array(aliases.map(JSONValue.string))])
  }

  func deliveries(_ status: StatusReport) -> [Finding] {
    var findings = status.blocks.map(block)
    if let silence = status.silence {
      findings.append(
        Finding(
          .warning, "silence", "No call went well since \(silence.since), although work is pending.",
          remedy: "Start the worker if none runs; else look at what `provledger status` says of the target.",
          facts: ["since": .string(silence.since.description)]))
    }
    findings += Self.leavers(status) + Self.drifted(status) + Self.detached(status)
    let parked = status.people[.parked] ?? 0
    let abandoned = status.people[.abandoned] ?? 0
    if parked > 0 {
      findings.append(
        Finding(
          .warning, "parked", "\(parked.of("delivery is", "deliveries are")) parked.",
          remedy: "provledger delivery list --status parked says what to do about each.",
          facts: ["people": .integer(Int64(parked))]))
    }
    if abandoned > 0 {
      findings.append(
        Finding(
          .warning, "abandoned", "\(abandoned.of("delivery was", "deliveries were")) given up.",
          remedy: "provledger delivery list --status abandoned says why; provledger delivery retry tries them again.",
          facts: ["people": .integer(Int64(abandoned))]))
    }
    if !status.safeguards.isEmpty {
      let people = status.safeguards.reduce(0) { $0 + $1.holding }
      findings.append(
        Finding(
          .warning, "safeguard", "The safeguard holds \(people.people).",
          remedy: "Look at provledger user list --status held, then approve, or import a right export.",
          facts: ["people": .integer(Int64(people))]))
    }
    findings += status.reviews.filter(\.isOverdue).map(Self.overdue)
    if findings.isEmpty { findings.append(Finding(.ok, "deliveries", "Nothing holds deliveries back.")) }
    return findings
  }

  /// Somebody who has left can still use an account, and nobody changes that: it must not stay so.
  private static func leavers(_ status: StatusReport) -> [Finding] {
    if status.activeLeavers == 0 { return [] }
    let accounts = status.activeLeavers.of("account is", "accounts are")
    return [
      Finding(
        .failure, "active-leavers", "\(accounts) active although to be inactive: \(status.leaverWords).",
        remedy: """
          provledger delivery list shows whose, but for those that drifted (provledger user list --status drifted). \
          Put right what is refused, then provledger delivery retry; what drifted is brought back by provledger target \
          reconcile --repair; what is pending, by a worker. Or make them inactive in TeamViewer.
          """, facts: ["accounts": .integer(Int64(status.activeLeavers))])
    ]
  }

  /// Accounts that were changed at TeamViewer and are not brought back, but for those of leavers that are active.
  private static func drifted(_ status: StatusReport) -> [Finding] {
    let drifted = (status.people[.drifted] ?? 0) - (status.leavers[.drifted] ?? 0)
    if drifted == 0 { return [] }
    return [
      Finding(
        .warning, "drifted", "\(drifted.of("account is", "accounts are")) other at TeamViewer than wanted.",
        remedy: """
          provledger user list --status drifted shows whose; provledger target reconcile --repair, then the worker, \
          brings them back.
          """, facts: ["accounts": .integer(Int64(drifted))])
    ]
  }

  /// Accounts that were let go with their source: whoever leaves from then on stays active.
  private static func detached(_ status: StatusReport) -> [Finding] {
    if status.detached == 0 { return [] }
    return [
      Finding(
        .notice, "detached",
        "\(status.detached.of("account is", "accounts are")) active of people whom no source owns.",
        remedy: """
          Import their source again, and whom it has is taken up; make the others inactive in TeamViewer. \
          provledger user list --status skipped shows them as detached.
          """, facts: ["accounts": .integer(Int64(status.detached))])
    ]
  }

  private static func overdue(_ review: ReviewStatus) -> Finding {
    Finding(
      .warning, "review-overdue", "The access review \(review.id) was due on \(review.due), and is open.",
      remedy:
        "provledger report review-decisions \(review.id) shows what is undecided; decide it, or close the review.",
      facts: ["due": .string(review.due.description)])
  }

  private func block(_ block: BlockReport) -> Finding {
    let sentence = block.row().joined(separator: ": ")
    switch block.reason {
    case .quarantine:
      return Finding(
        .failure, "quarantine", sentence,
        remedy: "Put the cause right, run `provledger target test`, and start the worker again.")
    case .operatorPause:
      return Finding(.notice, "paused", sentence, remedy: "provledger delivery resume")
    case .circuit:
      return Finding(.warning, "circuit-open", sentence, remedy: "Nothing: it closes by itself once a call goes well.")
    case .maintenance: return Finding(.notice, "maintenance", sentence)
    case .targetPause: return Finding(.notice, "target-pause", sentence)
    case .quota: return Finding(.notice, "quota-used-up", sentence)
    }
  }
}
