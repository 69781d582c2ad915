/// Views that stand still at a position, until they are closed.
public final class PastViews {
  /// The views.
  public let views: ViewStore
  private let fresh: FreshDatabase

  init(_ fresh: FreshDatabase, _ views: ViewStore) {
    self.fresh = fresh
    self.views = views
  }

  /// Lets go of them: nothing may be asked any more.
  public func close() { fresh.close() }
}
