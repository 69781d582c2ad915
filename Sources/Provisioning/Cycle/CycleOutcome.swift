/// What a cycle appends, decided whole before anything is appended.
public struct CycleOutcome: Equatable, Sendable {
  /// The events in order, `cycle.started` to `cycle.finished`.
  public var events: [Event] = []
  /// What the cycle does, in numbers.
  public var counts = CycleCounts()
  /// The safeguard that holds people after this cycle.
  public var held: HeldPeople?
  /// How many people of the input another source owns now, so that nothing is said of them.
  public var passedOver = 0
  /// How little a snapshot has in common with the ledger, where that is why people are held.
  public var unfamiliar: UnfamiliarInput?
  /// How many people were looked at to see what is wanted of them.
  public var touched = 0
}

/// A safeguard that holds people.
public struct HeldPeople: Equatable, Sendable {
  /// The safeguard's id.
  public var id: String
  /// How many people it holds.
  public var count: Int

  /// Some people.
  public init(id: String, count: Int) {
    self.id = id
    self.count = count
  }
}
