/// What is said of the attributes of a directory user, in the order of their names.
///
/// A sorted array rather than a dictionary: a person has a dozen, and a dictionary of them takes three times the memory,
/// a hundred thousand times over.
public struct DirectoryAttributes: Equatable, Sendable {
  /// One attribute and what is said of it.
  public typealias Element = (key: DirectoryAttribute, value: DirectoryValue)

  private var members: [Element] = []

  /// Nothing is said.
  public init() {}

  /// What is said of an attribute, or nil; setting nil takes it back.
  public subscript(attribute: DirectoryAttribute) -> DirectoryValue? {
    get { members.first { $0.key == attribute }?.value }
    set {
      let place = place(of: attribute)
      let isThere = place < members.count && members[place].key == attribute
      switch newValue {
      case let value? where isThere: members[place].value = value
      case let value?: members.insert((attribute, value), at: place)
      case nil where isThere: members.remove(at: place)
      case nil: break
      }
    }
  }

  /// Where an attribute stands, or would: mostly behind all others, since they come in this order.
  private func place(of attribute: DirectoryAttribute) -> Int {
    guard let last = members.last, attribute.rawValue <= last.key.rawValue else { return members.count }
    return members.firstIndex { attribute.rawValue <= $0.key.rawValue } ?? members.count
  }

  /// Makes room for a number of attributes, and no more.
  public mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

  /// Takes over what others say, which wins.
  public mutating func merge(_ others: DirectoryAttributes) {
    for (attribute, value) in others { self[attribute] = value }
  }

  /// True when both say the same of the same attributes.
  public static func == (left: DirectoryAttributes, right: DirectoryAttributes) -> Bool {
    left.members.elementsEqual(right.members, by: ==)
  }
}

extension DirectoryAttributes: RandomAccessCollection {
  /// The first place.
  public var startIndex: Int { 0 }
  /// The place behind the last.
  public var endIndex: Int { members.count }
  /// What stands at a place.
  public subscript(place: Int) -> Element { members[place] }
}

extension DirectoryAttributes: ExpressibleByDictionaryLiteral {
  /// The last word on an attribute that is named twice counts.
  public init(dictionaryLiteral elements: (DirectoryAttribute, DirectoryValue)...) {
    for (attribute, value) in elements { self[attribute] = value }
  }
}
