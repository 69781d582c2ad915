public import Base

/// Why a person is erased: a code of 1 to 40 letters `a` to `z`, digits and hyphens.
public struct ErasureReason: Equatable, Sendable {
  /// The code.
  public let code: String

  /// The codes that have a meaning here; any other of the same form is allowed.
  ///
  /// The first six are the grounds of Article 17(1) of the General Data Protection Regulation.
  public static let known: [(code: String, meaning: String)] = [
    ("gdpr-art-17-1-a", "no longer necessary for the purpose"),
    ("gdpr-art-17-1-b", "consent withdrawn"),
    ("gdpr-art-17-1-c", "the person objects"),
    ("gdpr-art-17-1-d", "processed unlawfully"),
    ("gdpr-art-17-1-e", "a law demands it"),
    ("gdpr-art-17-1-f", "collected from a child"),
    ("retention-ended", "the time for which it is kept is over"),
    ("other", "a reason that is documented elsewhere"),
  ]

  /// Reads what a person writes: a code, or a point of Article 17(1) as `a`, `17(1)(a)` or `Art. 17(1)(a)`; nil when it is
  /// neither.
  public static func meant(by words: String) -> ErasureReason? {
    let known = words.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    let point = known.last.map(String.init) ?? ""
    let isPoint = ["", "171", "art171", "article171", "gdprart171"].contains(known.dropLast())
    return ErasureReason(isPoint && ("a"..."f").contains(point) ? "gdpr-art-17-1-\(point)" : words)
  }

  /// Reads a code; nil when it has another form.
  public init?(_ code: String) {
    let isCode = code.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    guard isCode, (1...40).contains(code.utf8.count) else { return nil }
    self.code = code
  }
}

/// What stands in the way of an erasure.
public enum ErasureObstacle: String, CaseIterable, Sendable {
  /// A legal hold.
  case legalHold = "legal-hold"
  /// The directory still has the person, so that the next cycle would bring all of it back.
  case inDirectory = "in-directory"
  /// TeamViewer has an active account of the person, which nobody would disable afterwards.
  case activeAccount = "active-account"
  /// A write is not settled, or no read has shown that the account is inactive.
  case unverifiedDisable = "unverified-disable"

  /// True when an operator may override it.
  public var canBeForced: Bool { self == .activeAccount || self == .unverifiedDisable }
}

/// That a person was erased, and why.
public struct PersonErasure: Equatable, Sendable {
  /// Where `subject.erased` stands in the log.
  public var position: Int64
  /// When it was recorded.
  public var time: Timestamp
  /// Why.
  public var reason: ErasureReason

  /// An erasure.
  public init(position: Int64, time: Timestamp, reason: ErasureReason) {
    self.position = position
    self.time = time
    self.reason = reason
  }
}

/// A legal hold on a person.
public struct LegalHold: Equatable, Sendable {
  /// Where `legal.hold.placed` stands in the log.
  public var position: Int64
  /// When it was recorded.
  public var time: Timestamp
  /// Why, in the operator's words.
  public var reason: String?

  /// A hold.
  public init(position: Int64, time: Timestamp, reason: String?) {
    self.position = position
    self.time = time
    self.reason = reason
  }
}

extension Person {
  /// What stands in the way of erasing this person, the gravest first; empty when nothing does.
  public var erasureObstacles: [ErasureObstacle] {
    var obstacles: [ErasureObstacle] = []
    if legalHold != nil { obstacles.append(.legalHold) }
    // Whom no source owns no import brings back.
    if isPresent { obstacles.append(.inDirectory) }
    if account.believed?.active == true { obstacles.append(.activeAccount) }
    let isSeenInactive = account.believed == nil || account.believed?.active == true || account.isVerified
    if isPending || !isSeenInactive { obstacles.append(.unverifiedDisable) }
    return obstacles
  }
}
