import Foundation
import JSON

/// A JSON Schema (2020-12), as far as ours uses it: a keyword that is not known is a problem, and so is a member that no schema
/// names.
struct Schema {
  private let document: JSONValue

  init(_ document: JSONValue) { self.document = document }

  /// The names of the definitions.
  var definitions: [String] { document["$defs"]?.object?.members.map(\.name) ?? [] }

  /// What is wrong with a value, each with its place; empty when it is as a definition says.
  func problems(of value: JSONValue, by name: String) -> [String] {
    guard let schema = document["$defs"]?[name] else { return ["there is no definition \(name)"] }
    return problems(value, schema, at: name)
  }

  private static let notes: Set<String> = ["description", "properties", "required", "items", "additionalProperties"]

  private func problems(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
    (schema.object?.members ?? []).flatMap { keyword -> [String] in
      switch keyword.name {
      case "$ref": return reference(value, keyword.value, at: place)
      case "type":
        return Self.has(value, type: keyword.value) ? [] : ["\(place) is \(value.kind), not \(keyword.value.text)"]
      case "const": return value == keyword.value ? [] : ["\(place) is not \(keyword.value.text)"]
      case "enum":
        return keyword.value.array?.contains(value) == true ? [] : ["\(place) is none of \(keyword.value.text)"]
      case "pattern":
        return Self.matches(value, keyword.value.string ?? "")
          ? [] : ["\(place) has not the form \(keyword.value.text)"]
      case "anyOf": return any(value, keyword.value.array ?? [], at: place)
      case _ where Self.notes.contains(keyword.name): return []
      default: return ["\(place): the keyword \(keyword.name) is not known"]
      }
    } + members(value, schema, at: place) + items(value, schema, at: place)
  }

  private func reference(_ value: JSONValue, _ target: JSONValue, at place: String) -> [String] {
    let name = target.string?.dropFirst("#/$defs/".count) ?? ""
    guard let schema = document["$defs"]?[String(name)] else { return ["\(place) refers to nothing"] }
    return problems(value, schema, at: place)
  }

  private func any(_ value: JSONValue, _ schemas: [JSONValue], at place: String) -> [String] {
    let all = schemas.map { problems(value, $0, at: place) }
    if all.contains([]) { return [] }
    // The nearest one says most.
    return all.min { $0.count < $1.count } ?? ["\(place) is of no kind"]
  }

  private func members(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
    guard let object = value.object else { return [] }
    let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { object[$0] == nil }
    let others = schema["additionalProperties"]
    return missing.map { "\(place) has no \($0)" }
      + object.members.flatMap { member -> [String] in
        if let schema = schema["properties"]?[member.name] ?? others {
          return problems(member.value, schema, at: "\(place).\(member.name)")
        }
        return schema["properties"] == nil ? [] : ["\(place) has \(member.name), which no schema names"]
      }
  }

  private func items(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
    guard let elements = value.array, let schema = schema["items"] else { return [] }
    return elements.flatMap { problems($0, schema, at: "\(place)[]") }
  }

  private static func has(_ value: JSONValue, type: JSONValue) -> Bool {
    if let types = type.array { return types.contains { has(value, type: $0) } }
    switch (type.string, value) {
    case ("integer", .integer), ("number", .integer), ("number", .decimal): return true
    default: return type.string == value.kind && value.kind != "number"
    }
  }

  private static func matches(_ value: JSONValue, _ pattern: String) -> Bool {
    guard let text = value.string, let regex = try? Regex(pattern) else { return false }
    return text.firstMatch(of: regex) != nil
  }
}
