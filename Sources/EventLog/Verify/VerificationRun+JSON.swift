import Base
import Foundation
import JSON

/// A verification of the whole log as JSON, to be sealed.
extension VerificationRun {
  var json: JSONValue {
    [
      "began": .integer(began.milliseconds), "size": .integer(size), "newestCheckpoint": .integer(newestCheckpoint),
      "streams": .integer(streamCount), "key": .array(key.words.map(JSONValue.init(word:))), "next": .integer(next),
      "entriesAreDone": .bool(entriesAreDone), "tree": tree.json, "isWhole": .bool(isWhole),
      "sums": .array([sums.ids, sums.versions, sums.types].map(JSONValue.init(word:))),
      "gap": gap.map { [.integer($0.lowerBound), .integer($0.upperBound)] } ?? .null,
      "lastTime": lastTime.map(JSONValue.integer) ?? .null, "lastOffset": .integer(lastOffset),
      "displacement": displacement?.json ?? .null, "agreed": .integer(agreed), "stored": .integer(stored),
      "isForked": .bool(isForked),
      "onlyFormer": onlyFormer.map(JSONValue.integer) ?? .null,
      "checkpoints": .integer(checkpoints), "doubts": .array(doubts.map(\.json)),
      "damage": .array(damage.map(JSONValue.integer)), "findings": .array(findings.map(\.json)),
      "walks": .array(walks.map(\.json)),
    ]
  }

  init?(json: JSONValue) {
    guard let began = json["began"]?.number, let size = json["size"]?.number,
      let newest = json["newestCheckpoint"]?.number, let streams = json["streams"]?.number,
      let words = json["key"]?.all(\.word), let key = SumKey(words: words), let next = json["next"]?.number,
      let entriesAreDone = json["entriesAreDone"]?.bool, let tree = json["tree"].flatMap(CompactRange.init(json:)),
      let isWhole = json["isWhole"]?.bool, let sums = json["sums"]?.all(\.word), sums.count == 3,
      let lastOffset = json["lastOffset"]?.number, let agreed = json["agreed"]?.number,
      let stored = json["stored"]?.number,
      let isForked = json["isForked"]?.bool, let checkpoints = json["checkpoints"]?.number,
      let doubts = json["doubts"]?.all(Doubt.init(json:)), let damage = json["damage"]?.all(\.number),
      let findings = json["findings"]?.all(Verification.Finding.init(json:)),
      let walks = json["walks"]?.all(IndexWalk.init(json:)), walks.map(\.index) == IndexWalk.Index.allCases
    else { return nil }
    self.init(
      began: Timestamp(milliseconds: began), size: size, since: 0, newestCheckpoint: newest, streamCount: streams,
      key: key)
    self.next = next
    self.entriesAreDone = entriesAreDone
    self.tree = tree
    self.isWhole = isWhole
    self.sums = RowSums(ids: sums[0], versions: sums[1], types: sums[2])
    if let gap = json["gap"]?.all(\.number), gap.count == 2, gap[0] <= gap[1] { self.gap = gap[0]...gap[1] }
    lastTime = json["lastTime"]?.number
    self.lastOffset = lastOffset
    displacement = json["displacement"].flatMap(Displacement.init(json:))
    self.agreed = agreed
    self.stored = stored
    self.isForked = isForked
    onlyFormer = json["onlyFormer"]?.number
    self.checkpoints = checkpoints
    self.doubts = doubts
    self.damage = damage
    self.findings = findings
    self.walks = walks
  }
}

extension JSONValue {
  /// Any word, as hexadecimal text.
  fileprivate init(word: UInt64) { self = .string(String(word, radix: 16)) }

  fileprivate var word: UInt64? { string.flatMap { UInt64($0, radix: 16) } }

  fileprivate var number: Int64? { if case .integer(let value) = self { value } else { nil } }

  /// The elements, each read; nil when one of them cannot be.
  fileprivate func all<Element>(_ read: (JSONValue) -> Element?) -> [Element]? {
    guard let array else { return nil }
    let elements = array.compactMap(read)
    return elements.count == array.count ? elements : nil
  }
}

extension CompactRange {
  fileprivate var json: JSONValue { .array(parts.map { [.integer(Int64($0.level)), .string($0.root.base64)] }) }

  fileprivate init?(json: JSONValue) {
    self.init()
    for part in json.array ?? [] {
      guard let part = part.array, part.count == 2, let level = part[0].integer, (0..<62).contains(level),
        let root = part[1].string.flatMap({ Digest32(base64: $0) }), size & (1 << level - 1) == 0
      else { return nil }
      append(root, level: level)
    }
  }
}

extension Verification.Finding {
  fileprivate var json: JSONValue {
    [
      .string(kind.rawValue), position.map(JSONValue.integer) ?? .null, stream.map(JSONValue.string) ?? .null,
      .string(sentence), through.map(JSONValue.integer) ?? .null,
    ]
  }

  fileprivate init?(json: JSONValue) {
    guard let parts = json.array, parts.count == 5, let kind = parts[0].string.flatMap(Kind.init(rawValue:)),
      let sentence = parts[3].string
    else { return nil }
    self.init(
      kind: kind, position: parts[1].number, through: parts[4].number, stream: parts[2].string, sentence: sentence)
  }
}

extension Displacement {
  fileprivate var json: JSONValue {
    [
      .integer(position), .integer(claimed), .string(stream), isShift.map(JSONValue.bool) ?? .null,
      JSONValue(word: balance),
    ]
  }

  fileprivate init?(json: JSONValue) {
    guard let parts = json.array, parts.count == 5, let position = parts[0].number, let claimed = parts[1].number,
      let stream = parts[2].string, let balance = parts[4].word
    else { return nil }
    self.init(position: position, claimed: claimed, stream: stream, isShift: parts[3].bool, balance: balance)
  }
}

extension Doubt {
  fileprivate var json: JSONValue {
    [
      .integer(positions.lowerBound), .integer(positions.upperBound), stream.map(JSONValue.string) ?? .null,
      .string(fallback.rawValue), .string(changed), .string(lies),
    ]
  }

  fileprivate init?(json: JSONValue) {
    guard let parts = json.array, parts.count == 6, let first = parts[0].number, let last = parts[1].number,
      first <= last, let fallback = parts[3].string.flatMap(Verification.Finding.Kind.init(rawValue:)),
      let changed = parts[4].string, let lies = parts[5].string
    else { return nil }
    self.init(positions: first...last, stream: parts[2].string, fallback: fallback, changed: changed, lies: lies)
  }
}

extension IndexWalk {
  fileprivate var json: JSONValue {
    [
      .string(index.rawValue), .bool(isDone), .integer(rows), JSONValue(word: sum), .integer(streams),
      .array(findings.map(\.json)), .string(Data(id).base64EncodedString()), .integer(key), .integer(version),
      .integer(position),
    ]
  }

  fileprivate init?(json: JSONValue) {
    guard let parts = json.array, parts.count == 10, let index = parts[0].string.flatMap(Index.init(rawValue:)),
      let isDone = parts[1].bool, let rows = parts[2].number, let sum = parts[3].word, let streams = parts[4].number,
      let findings = parts[5].all(Verification.Finding.init(json:)),
      let id = parts[6].string.flatMap({ Data(base64Encoded: $0) }), let key = parts[7].number,
      let version = parts[8].number, let position = parts[9].number
    else { return nil }
    self.init(index)
    self.isDone = isDone
    self.rows = rows
    self.sum = sum
    self.streams = streams
    self.findings = findings
    self.id = Array(id)
    self.key = key
    self.version = version
    self.position = position
  }
}
