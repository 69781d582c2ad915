import Base
import Provisioning
import Views

/// The report as a person reads it: how many of what, and what needs attention.
public struct ProvisioningSummary: Equatable, Sendable {
  private var numbers: [Decision.Action: [DeliveryStatus: Int]] = [:]
  /// What needs attention, or everything: date, person, action, status, and why and what to do.
  public private(set) var rows: [[String]] = []

  /// Reads a report; with `all` every decision has a row, and of the past none says what to do. Throws the faults of the views.
  public init(_ report: ProvisioningReport, all: Bool, isPast: Bool = false) throws {
    try report.forEach { delivery in
      numbers[delivery.action, default: [:]][delivery.status, default: 0] += 1
      if all || delivery.remedy != nil { rows.append(Self.row(delivery, isPast)) }
    }
  }

  private static func row(_ delivery: DeliveryRecord, _ isPast: Bool) -> [String] {
    let answer = delivery.answer.map { " (last answer: \($0))" } ?? ""
    let wayOut = isPast ? "" : ". \(delivery.remedy ?? "")"
    return [
      delivery.decided.description, delivery.userPrincipalName ?? delivery.alias, delivery.action.rawValue,
      delivery.status.rawValue, "\(delivery.code): \(delivery.explanation)\(answer)\(wayOut)",
    ]
  }

  private var statuses: [DeliveryStatus] {
    DeliveryStatus.allCases.filter { status in numbers.values.contains { $0[status] != nil } }
  }

  /// The titles of `counts`: the action, and each status that anything has.
  public var header: [String] { ["ACTION"] + statuses.map { $0.rawValue.uppercased() } }

  /// A row for each action that was decided: its name, and how many have each status.
  public var counts: [[String]] {
    Decision.Action.allCases.filter { numbers[$0] != nil }.map { action in
      [action.rawValue] + statuses.map { String(numbers[action]?[$0] ?? 0) }
    }
  }
}
