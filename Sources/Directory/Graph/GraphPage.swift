import Base
import JSON
import Provisioning

/// One page of an answer to `/users` or `/users/delta`.
struct GraphPage {
  let file: String
  private(set) var changes: [DirectoryChange] = []
  /// What could not be read, and is no fault.
  private(set) var unread: [UnreadValue] = []
  /// True when an object says `@removed`, which only a delta does.
  private(set) var hasRemoved = false
  private(set) var nextLink: String?
  private(set) var deltaLink: String?
  /// `@odata.count`: what the whole answer holds.
  private(set) var count: Int?
  private let limits: Limits
  private var text: PageText

  /// Reads the rest of a file, at most `Limits.page`, piece by piece: each user is parsed alone.
  init(_ head: TextHead, limits: Limits) throws {
    file = head.page.name
    self.limits = limits
    text = try PageText(head, limit: limits.page)
    do {
      try read(JSONStream(at: head.start, elementBound: limits.object, memberBound: limits.line))
    } catch let error as JSONError {
      throw error.fault(at: .init(file: file, line: text.line(at: min(error.offset, text.bytes.count))))
    } catch let misfit as JSONStream.Misfit {
      throw fault(misfit)
    }
  }

  private mutating func read(_ stream: JSONStream) throws {
    var stream = stream
    var error: JSONValue?
    while true {
      switch try stream.next(in: text.bytes, isEnd: text.isEnd) {
      case nil:
        try text.read(after: stream.position)
        stream.drop()
      case .element(let range): try add(range)
      case .member("error", let range): error = try small("error", range)
      case .member(let name, let range): try take(name, range)
      case .end: return try finish(hasUsers: stream.hasArray, error)
      }
    }
  }

  /// Gives its objects away.
  mutating func giveUpChanges() -> [DirectoryChange] {
    defer { changes = [] }
    return changes
  }

  // MARK: Members

  private mutating func take(_ name: String, _ range: Range<Int>) throws {
    switch name {
    case "@odata.context": try checkContext(small(name, range))
    case "@odata.nextLink": nextLink = try link(small(name, range), name)
    case "@odata.deltaLink": deltaLink = try link(small(name, range), name)
    case "@odata.count": count = try total(small(name, range))
    default: break
    }
  }

  private mutating func finish(hasUsers: Bool, _ error: JSONValue?) throws {
    if limits.isTolerant, let error, error != .null {
      throw fault(
        .jsonShape,
        "the page holds an error \((error["code"]?.string ?? "").quoted) of Microsoft Graph beside its users")
    }
    guard hasUsers else {
      if let error {
        let code = error["code"]?.string.map { " \($0.quoted)" } ?? ""
        throw fault(.jsonShape, "the file holds an error\(code) of Microsoft Graph and no page; fetch the page again")
      }
      throw fault(.jsonShape, "the file is no page: it has no value array")
    }
    guard nextLink == nil || deltaLink == nil else {
      throw fault(.jsonShape, "a page has a nextLink or a deltaLink, this one has both; fetch it again")
    }
  }

  /// Where the next user stands.
  private mutating func spot(_ offset: Int) -> Spot {
    Spot(place: .init(file: file, line: text.line(at: offset)), object: changes.count + 1)
  }

  private mutating func add(_ range: Range<Int>) throws {
    let spot = spot(range.lowerBound)
    guard changes.count < limits.objects else { throw tooMany(limits, at: spot.place) }
    guard let object = try value(range).object else { return }
    if object["@removed"] != nil { hasRemoved = true }
    var unread: [DirectoryAttribute] = []
    let change = try UserObject.change(object, at: spot, limits: limits, unread: &unread)
    changes.append(change)
    self.unread += unread.map { UnreadValue(id: change.id, attribute: $0) }
  }

  /// A member beside the users; bounded before it becomes a value.
  private mutating func small(_ name: String, _ range: Range<Int>) throws -> JSONValue {
    guard range.count <= limits.object else {
      throw fault(
        .inputTooLarge, "\(name) is larger than \(limits.object >> 10) KiB; fetch the page again",
        line: text.line(at: range.lowerBound))
    }
    return try value(range)
  }

  private func value(_ range: Range<Int>) throws -> JSONValue {
    do {
      return try JSONParser.parse(text.bytes[range])
    } catch let error as JSONError {
      throw JSONError(error.reason, offset: range.lowerBound + error.offset)
    }
  }

  // MARK: What is wrong

  private mutating func fault(_ misfit: JSONStream.Misfit) -> Fault {
    let line = text.line(at: misfit.offset)
    switch misfit.kind {
    case .noDocument:
      return fault(.jsonShape, "the file is no page: a page is one JSON object with a value array", line: line)
    case .noArray: return fault(.jsonShape, "the file is no page: its value is no array", line: line)
    case .noObject: return spot(misfit.offset).fault(.jsonShape, "it must be a user object")
    case .largeElement:
      let bound = "it is larger than \(limits.object >> 10) KiB; select fewer attributes"
      return spot(misfit.offset).fault(.inputTooLarge, bound)
    case .largeMembers:
      let bound = "what stands beside the users is larger than \(limits.line >> 10) KiB; fetch the page again"
      return fault(.inputTooLarge, bound, line: line)
    }
  }

  private func checkContext(_ value: JSONValue) throws {
    guard let context = value.string else {
      throw fault(.jsonShape, "@odata.context must be a string; fetch the page again")
    }
    // `…/$metadata#users(id,displayName)`, `…#users/$delta`: the collection's name ends at a bracket or a slash.
    let parts = context.split(separator: "#", maxSplits: 1)
    guard parts.count == 2 else { return }
    let collection = parts[1].prefix { $0 != "(" && $0 != "/" }
    guard ["users", "directoryObjects"].contains(collection) else {
      throw fault(.jsonShape, "the page holds \(String(collection).quoted), not users; query /users or /users/delta")
    }
  }

  private func link(_ value: JSONValue, _ name: String) throws -> String {
    guard let link = value.string, !link.isEmpty else {
      throw fault(.jsonShape, "\(name) must be a string and not empty; fetch the page again")
    }
    guard link.utf8.count <= limits.value else {
      throw fault(.inputTooLarge, "\(name) is larger than \(limits.value >> 10) KiB; fetch the page again")
    }
    return link
  }

  private func total(_ value: JSONValue) throws -> Int {
    guard let count = value.integer, count >= 0 else {
      throw fault(.jsonShape, "@odata.count must be a whole number; fetch the page again")
    }
    return count
  }

  private func fault(_ code: FaultCode, _ sentence: String, line: Int? = nil) -> Fault {
    Fault(code, sentence, at: .init(file: file, line: line))
  }
}
