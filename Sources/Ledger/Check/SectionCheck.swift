import Base
import Provisioning

extension Configuration {
  /// What a check of a configuration over a tenant objects to in the sections `mapping` and `scope`, each in a sentence.
  public static func objections(to sections: String) -> [String] {
    let findings = ConfigurationFindings(file: "")
    findings.source = .tenant
    var reader = MappingReader(text: sections, findings)
    _ = Mapping(reader.mapping("mapping"))
    _ = ScopePolicy(reader.mapping("scope"))
    return findings.all.map(\.fault.sentence)
  }
}
