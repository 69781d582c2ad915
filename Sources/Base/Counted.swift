extension BinaryInteger {
  /// The number with its noun: `1 person`, `2 people`. Without `many` an s is put behind `one`.
  public func of(_ one: String, _ many: String? = nil) -> String {
    self == 1 ? "1 \(one)" : "\(self) \(many ?? "\(one)s")"
  }

  /// `1 person`, `2 people`.
  public var people: String { of("person", "people") }
}
