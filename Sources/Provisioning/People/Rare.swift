/// A value that few of many have: whoever has none pays one word for it, instead of the room for one.
@propertyWrapper
public indirect enum Rare<Value> {
  /// There is none.
  case absent
  /// There is one.
  case present(Value)

  /// None.
  public init() { self = .absent }

  /// The value; nil for none.
  public init(wrappedValue: Value?) { self = wrappedValue.map(Rare.present) ?? .absent }

  /// The value; nil for none.
  public var wrappedValue: Value? {
    get { if case .present(let value) = self { value } else { nil } }
    set { self = Rare(wrappedValue: newValue) }
  }
}

extension Rare: Equatable where Value: Equatable {}
extension Rare: Sendable where Value: Sendable {}
