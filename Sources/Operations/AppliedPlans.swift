import Base
import Provisioning
import Views

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
