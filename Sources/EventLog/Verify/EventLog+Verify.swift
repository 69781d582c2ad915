extension EventLog {
  /// Reads the whole log, in short transactions, and says what is wrong with it: entries that were changed, columns
  /// that lie, gaps, wrong nodes of the tree, changed protection.
  ///
  /// Appends may go on; what comes after the size at the start is not looked at. `progress` gets the number of
  /// positions done and their whole number after every few thousand. Only a comparison with a checkpoint that is kept
  /// elsewhere shows a history that was rewritten or cut as a whole. Throws a `Fault` (PL-0301 to PL-0309) when the
  /// file cannot be read.
  public func verify(progress: (_ done: Int64, _ size: Int64) -> Void = { _, _ in }) throws -> Verification {
    var verifier = Verifier(store: store)
    return try verifier.run(progress: progress)
  }
}
