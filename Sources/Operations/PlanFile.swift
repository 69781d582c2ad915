import Base
import EventLog
import Glibc
public import Ledger
public import Provisioning
import Views

/// A plan in a file that only its owner may read, sealed under the ledger's key: what is applied is what was planned.
public enum PlanFile {
  /// Some 60,000 entries; parsed, they take several times that in memory.
  private static let limit = 32 << 20
  private static let purpose = "plan"

  /// Writes a plan. Throws `FaultCode.planInTheWay` when something is there already, unless `force` says to replace it,
  /// and when the file cannot be written; `.logKeyUnusable`.
  public static func write(_ plan: Plan, of ledger: OpenLedger, path: String, force: Bool) throws {
    let body = Array(plan.text.utf8)
    let seal = try ledger.seal(body, for: purpose)
    // The closing brace and the line's end move behind the seal, so that the file stays one JSON object.
    let bytes = body.dropLast(ending.utf8.count) + Array(before.utf8) + Array(seal.utf8) + Array(after.utf8)
    do {
      if force {
        try PrivateFile.write(Array(bytes), path: path)
      } else {
        try PrivateFile.make(Array(bytes), path: path)
      }
    } catch let failure as PrivateFile.Failure where failure.number == EEXIST {
      throw Fault(.planInTheWay, "\(path) is there already; name another file with -o, or say --force.")
    } catch let failure as PrivateFile.Failure {
      throw Fault(.planInTheWay, "\(path) cannot be written: \(failure.text). Name another file with -o.")
    }
  }

  /// Reads a plan that `write` wrote for this ledger. Throws `FaultCode.planInvalid`, also for one that was changed since,
  /// or that another user owns or may write; `.planForeign`; `.logKeyUnusable`.
  public static func read(path: String, of ledger: OpenLedger) throws -> Plan {
    let bytes = try OutsideFile.read(
      path, limit: limit, mustBeOwn: true, fault: .planInvalid,
      "name the file that the plan was written to, or make a new one.")
    let plan = try Plan(bytes, named: path)
    try Transaction.refuseForeign(plan.origin, ledger)
    guard let (body, seal) = parts(bytes), try ledger.isSeal(seal, of: body, for: purpose) else {
      throw Fault(
        .planInvalid,
        "\(path) is not as this ledger wrote it, or the log's key was rotated since; make a new plan."
      )
    }
    return plan
  }

  private static let ending = "}\n"
  private static let before = ",\n\"seal\":\""
  private static let after = "\"}\n"

  private static func parts(_ bytes: [UInt8]) -> (body: [UInt8], seal: String)? {
    let length = before.utf8.count + 64 + after.utf8.count
    guard bytes.count > length, bytes.suffix(length).starts(with: before.utf8),
      bytes.suffix(after.utf8.count).elementsEqual(after.utf8)
    else { return nil }
    let seal = bytes.suffix(64 + after.utf8.count).prefix(64)
    return (bytes.dropLast(length) + Array(ending.utf8), String(decoding: seal, as: UTF8.self))
  }
}

extension Plan {
  /// The name of the log that it is about.
  fileprivate var origin: String {
    switch self {
    case .restore(let plan): plan.origin
    case .handover(let plan): plan.origin
    }
  }
}

extension Scene {
  /// Carries out what `decide` decides of a plan. A plan that no longer fits because it was carried out before is told
  /// from one that others have overtaken: throws `FaultCode.planApplied` for the one, as `decide` does for the other.
  func once<Answer>(_ plan: String, _ decide: () throws -> Answer) throws -> Answer {
    do { return try decide() } catch let fault as Fault where fault.code == .planOutdated {
      throw try applied(plan) ?? fault
    }
  }

  /// The refusal to carry a plan out again; nil when it never was.
  private func applied(_ plan: String) throws -> Fault? {
    guard let first = try views.deliveries(cycle: plan, includingUnchanged: true, limit: 1).first else { return nil }
    return Fault(
      .planApplied,
      "The plan \(plan) was already applied on \(first.decided) (event \(first.decision)); nothing was changed again.")
  }
}
