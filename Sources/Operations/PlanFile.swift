import Base
import EventLog
import Foundation
public import Provisioning

/// A plan in a file that only its owner may read.
public enum PlanFile {
  /// Some 60,000 entries; parsed, they take several times that in memory.
  private static let limit = 32 << 20

  /// Writes a plan. Throws `FaultCode.planInTheWay` when something is there already, unless `force` says to replace it,
  /// and when the file cannot be written.
  public static func write(_ plan: Plan, path: String, force: Bool) throws {
    if !force, FileManager.default.fileExists(atPath: path) {
      throw Fault(.planInTheWay, "\(path) is there already; name another file with -o, or say --force.")
    }
    do {
      try PrivateFile.write(Array(plan.text.utf8), path: path)
    } catch let failure as PrivateFile.Failure {
      throw Fault(.planInTheWay, "\(path) cannot be written: \(failure.text). Name another file with -o.")
    }
  }

  /// Reads a plan. Throws `FaultCode.planInvalid`.
  public static func read(path: String) throws -> Plan {
    let bytes = try OutsideFile.read(
      path, limit: limit, fault: .planInvalid, "name the file that the plan was written to.")
    return try Plan(bytes, named: path)
  }
}
