/// PL-02..: the configuration file.
extension FaultCode {
  /// The configuration file cannot be read.
  public static let configurationUnreadable = FaultCode("0201", .configuration, "the configuration cannot be read")
  /// The configuration file is no YAML.
  public static let configurationSyntax = FaultCode("0202", .configuration, "the configuration is no YAML")
  /// A key is unknown, doubled, or missing.
  public static let configurationKey = FaultCode("0203", .configuration, "a key of the configuration is wrong")
  /// A value is not allowed.
  public static let configurationValue = FaultCode("0204", .configuration, "a value of the configuration is wrong")
  /// The environment variable or file that holds the token is not there or empty.
  public static let tokenMissing = FaultCode("0205", .credentials, "the token is not where it should be")

  static let configuration: [FaultCode] = [
    configurationUnreadable, configurationSyntax, configurationKey, configurationValue, tokenMissing,
  ]
}
