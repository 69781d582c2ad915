import Base
import Directory
import Ledger
public import Provisioning

extension Reviews {
  /// The longest rationale, in bytes of UTF-8.
  public static let longestRationale = 2000

  /// What a file says of people, as the review knows them: by the names that they had when it looks. Throws `Fault` with a
  /// PL-01xx code that names every bad line, `FaultCode.reviewUnknown`.
  public func wishes(_ id: String, in file: String) throws -> [ReviewWish] {
    let lines = try ReviewCSV.read(file)
    let position = try ledger.review(id).started.position
    var (wishes, bad, seen): ([ReviewWish], [(Fault.Place, String)], [String: Int]) = ([], [], [:])
    for line in lines {
      do {
        let wish = try wish(line.user, line.decision, line.rationale, at: position, line.place)
        if let other = seen.updateValue(line.place.line ?? 0, forKey: wish.alias) {
          bad.append((line.place, "the person is on line \(other) already"))
        }
        wishes.append(wish)
      } catch let fault as Fault {
        bad.append((line.place, fault.sentence))
      }
    }
    guard let (place, sentence) = bad.first else { return wishes }
    let others = bad.dropFirst().prefix(20).map { "line \($0.line ?? 0): \($1)" }
    let more = bad.count > 21 ? ["and \(bad.count - 21) more"] : []
    throw Fault(.csvRow, ([sentence] + others + more).joined(separator: "\n"), at: place)
  }

  /// What somebody says of one person. Throws `FaultCode.personUnknown`, `FaultCode.personAmbiguous`,
  /// `FaultCode.reviewUnknown`, `FaultCode.csvRow`.
  public func wish(_ id: String, _ user: String, _ decision: ReviewDecision, because text: String) throws -> ReviewWish
  {
    try wish(user, decision.rawValue, text, at: ledger.review(id).started.position, nil)
  }

  private func wish(
    _ user: String, _ decision: String, _ rationale: String, at position: Int64, _ place: Fault.Place?
  ) throws -> ReviewWish {
    if user.isEmpty { throw Fault(.csvRow, "nobody is named") }
    guard let decision = ReviewDecision(rawValue: decision) else {
      throw Fault(.csvRow, "the decision is \"\(decision)\"; write keep or remove")
    }
    if rationale.isEmpty { throw Fault(.csvRow, "there is no rationale; say why") }
    if rationale.utf8.count > Self.longestRationale {
      throw Fault(.csvRow, "the rationale is longer than \(Self.longestRationale.of("byte")); shorten it")
    }
    return ReviewWish(try ledger.person(user, at: position).alias, decision, because: rationale, at: place)
  }
}
