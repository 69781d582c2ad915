/// The rules that a cycle decides by.
public struct CyclePolicy: Equatable, Sendable {
  /// Who is to have an account.
  public var scope: ScopePolicy
  /// What the directory's attributes become at TeamViewer.
  public var mapping: Mapping
  /// How many people may turn inactive at once.
  public var safeguard: SafeguardLimits

  /// Rules; the defaults are those of the gallery app.
  public init(
    scope: ScopePolicy = ScopePolicy(), mapping: Mapping = Mapping(), safeguard: SafeguardLimits = SafeguardLimits()
  ) {
    self.scope = scope
    self.mapping = mapping
    self.safeguard = safeguard
  }

  /// The directory's attributes that the rules read beside the standard ones, in the order of their names.
  public var sourceAttributes: [DirectoryAttribute] {
    let all = Set(scope.attributes.union(mapping.sourceAttributes).map(SourceAttribute.stored))
    return all.subtracting(DirectoryAttribute.standard + [DirectoryAttribute(rawValue: "id")])
      .sorted { $0.rawValue < $1.rawValue }
  }
}
