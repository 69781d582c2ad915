public import Base
public import TeamViewer

extension Fruitless {
  /// The error that a person reads: how long, what was seen last, what is still pending.
  public func fault(pending: Int, _ diagnosis: TargetDiagnosis) -> Fault {
    let seen =
      last.map { sight in
        let fault = diagnosis.fault(error: sight.error, status: sight.status)
        return
          "the last call\(sight.operation.isEmpty ? "" : ", \(sight.operation),") met \(fault.code): \(fault.sentence)"
      } ?? "no call came to an end."
    let people = pending.of("person is", "people are")
    return Fault(.fruitless, "Nothing got through for \(Self.words(span)), and \(people) still pending; \(seen)")
  }

  private static func words(_ span: Duration) -> String {
    let seconds = span.components.seconds
    return seconds >= 60 && seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds) s"
  }
}
