import JSON

/// How the payloads of older programs become the present ones: for each event type, one step a schema version.
///
/// The log is never rewritten. An event keeps the version that it was written with, and the steps that are missing run
/// each time it is read: from 1 to 2, from 2 to 3, and so on. They are pure, so a rebuild gives the same at any date.
public struct Upcasters: Sendable {
  /// Turns a payload of one version into one of the next. The sealed half is empty once the subject is erased
  /// (`Fields.isErased`), and a step must cope with that.
  public typealias Step = @Sendable (Fields) throws -> Fields

  /// By event type; the step at index n leads from version n + 1 to n + 2.
  private let steps: [String: [Step]]

  /// Steps by event type, from version 1 on. A type without steps has version 1 only.
  public init(_ steps: [String: [Step]] = [:]) { self.steps = steps }

  /// The steps of this program. A payload whose shape changes raises its `schema` and gets a step here.
  public static let standard = Upcasters([
    QuarantineEntered.type: [
      { fields in
        var fields = fields
        fields.clear["causes"] = []
        return fields
      }
    ],
    UserObserved.type: [openAttributes],
    // The values keep their form; from version 2 on there may be others beside them.
    Decision.type: [{ $0 }],
    CycleStarted.type: [
      { fields in
        var fields = fields
        fields.clear["directory"] = .string(DirectorySourceID.standard.name)
        return fields
      }
    ],
    CycleFinished.type: [watermarks],
    DriftDetected.type: [endedLink],
    // What failed was everything.
    CircuitOpened.type: [{ $0 }],
    // Nothing was known of files.
    ReportExported.type: [{ $0 }],
    // Who signed in was not asked.
    OperatorSeen.type: [{ $0 }],
  ])

  /// Attributes stood beside the id, and every person was the one directory's.
  @Sendable private static func openAttributes(_ fields: Fields) -> Fields {
    var fields = fields
    fields.clear["source"] = .string(DirectorySourceID.standard.name)
    guard let id = fields.sealed["id"] else { return fields }
    var attributes = fields.sealed
    attributes["id"] = nil
    fields.sealed = JSONObject(present: [
      ("id", id), ("attributes", attributes.isEmpty ? nil : .object(attributes)),
    ])
    return fields
  }

  /// Every finding that an account is missing ended the link to it.
  @Sendable private static func endedLink(_ fields: Fields) -> Fields {
    var fields = fields
    fields.clear["linked"] = .bool(fields.clear["kind"]?.string != DriftDetected.Kind.missing.rawValue)
    return fields
  }

  /// There was one mark, the deltaLink.
  @Sendable private static func watermarks(_ fields: Fields) -> Fields {
    var fields = fields
    guard let link = fields.sealed["deltaLink"]?.string else { return fields }
    fields.sealed = JSONObject(present: [("watermarks", .array([Watermark(value: link).json]))])
    return fields
  }

  /// The newest version of a type's schema that is known.
  public func newest(of type: String) -> Int { (steps[type]?.count ?? 0) + 1 }

  /// Brings a payload from the version that it was written with to the newest one.
  ///
  /// Throws `SchemaError` for a version that no step leads from, and what a step throws.
  public func upcast(_ fields: Fields, of type: String, from schema: Int) throws -> Fields {
    let newest = newest(of: type)
    guard schema > 0 else { throw SchemaError.none(type: type) }
    guard schema <= newest else { throw SchemaError.newer(type: type, schema: schema, newest: newest) }
    guard schema < newest, let steps = steps[type] else { return fields }
    return try steps[(schema - 1)...].reduce(fields) { try $1($0) }
  }
}

/// A payload whose schema version cannot be read.
public enum SchemaError: Error, Equatable, Sendable {
  /// A newer program wrote it: this one knows the type up to `newest`.
  case newer(type: String, schema: Int, newest: Int)
  /// It has no version, which no program wrote.
  case none(type: String)
}
