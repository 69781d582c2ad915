/// PL-05..: the views.
extension FaultCode {
  /// `views.sqlite` cannot be used.
  public static let viewsDamaged = FaultCode("0501", .io, "views.sqlite cannot be used")

  static let views: [FaultCode] = [viewsDamaged]
}
