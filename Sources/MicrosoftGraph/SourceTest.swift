public import Base
public import JSON

/// What `source test` finds: the steps, and the first thing that must be put right.
public struct SourceTest: Equatable, Sendable {
  /// The steps that were taken, in order.
  public internal(set) var steps: [Step] = []
  /// What is wrong and what to do about it; nil when the directory can be read.
  public internal(set) var diagnosis: Fault?
  /// The tenant's name; nil where it may not be read.
  public internal(set) var tenant: String?
  /// How many users the first page shows; nil where none came.
  public internal(set) var users: Int?
  /// The secrets and certificates of the application, the first to end first; empty where they may not be read.
  public internal(set) var keys: [ApplicationKey] = []

  /// One step.
  public struct Step: Equatable, Sendable {
    /// What was tried.
    public var name: Name
    /// How it went.
    public var verdict: Verdict
    /// What was found, in a sentence.
    public var sentence: String

    /// What was tried.
    public enum Name: String, Sendable {
      /// A token from the sign-in service.
      case signIn = "sign-in"
      /// The tenant's name.
      case tenant
      /// The first page of `/users/delta`.
      case users
      /// The first assignments to the service principal.
      case assignments
      /// The members of a group.
      case groups
      /// When secrets and certificates end.
      case keys
    }

    /// How it went.
    public enum Verdict: String, Sendable {
      /// Well.
      case passed
      /// Not as hoped; the directory can be read all the same.
      case warning
      /// Not at all.
      case failed
    }
  }

  /// Takes over a step; true when it went well. What fails is the diagnosis unless an earlier step has one.
  @discardableResult
  mutating func take(_ name: Step.Name, _ result: Result<String, Fault>) -> Bool {
    switch result {
    case .success(let sentence):
      steps.append(Step(name: name, verdict: .passed, sentence: sentence))
      return true
    case .failure(let fault):
      steps.append(Step(name: name, verdict: .failed, sentence: fault.sentence))
      diagnosis = diagnosis ?? fault
      return false
    }
  }
}

extension SourceTest {
  /// As a JSON object.
  public var json: JSONValue {
    [
      "usable": .bool(diagnosis == nil), "code": JSONValue(orNull: diagnosis?.code.description),
      "tenant": JSONValue(orNull: tenant), "users": JSONValue(orNull: users), "keys": .array(keys.map(\.json)),
      "steps": .array(steps.map(\.json)),
    ]
  }
}

extension SourceTest.Step {
  fileprivate var json: JSONValue {
    ["name": .string(name.rawValue), "verdict": .string(verdict.rawValue), "sentence": .string(sentence)]
  }
}

extension ApplicationKey {
  fileprivate var json: JSONValue {
    ["kind": .string(kind.rawValue), "name": JSONValue(orNull: name), "end": .string(end.description)]
  }
}
