import Base
import Ledger
import Provisioning
import Views

extension Ledger {
  /// Appends what an operator says of one person, under the cycle lock, and returns the position. `event` looks at the
  /// person as the log has them by then, and refuses by throwing; `waiting` hears who holds the lock.
  ///
  /// Throws `FaultCode.alreadyErased`, what `event` throws, and the faults of log and views.
  func change(
    _ alias: String, by actor: Actor, waiting: (LockHolder?) -> Void, _ event: (Person) throws -> EventPayload
  ) async throws -> Int64 {
    let lock = try await lock(.cycle, waiting: waiting)
    defer { withExtendedLifetime(lock) {} }
    try views.catchUp()
    let person = try views.person(alias) ?? Person(alias: alias)
    if let erasure = person.erasure {
      throw Fault(.alreadyErased, "\(alias) was erased on \(erasure.time) (event \(erasure.position)).")
    }
    let positions = try await append([Event(.user(alias), try event(person))], actor: actor)
    try views.catchUp()
    return positions.first ?? 0
  }
}
