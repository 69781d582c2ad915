import Base

/// Writes metrics in Prometheus' text format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
struct Exposition {
  /// What a metric is.
  enum Kind: String {
    case gauge
    case counter
  }

  /// One value, and the label that tells it from others of its metric.
  typealias Sample = (label: (name: String, value: String)?, value: String)

  /// The metrics so far.
  private(set) var text = ""

  /// Adds a metric with its samples; one without any is left out.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
    if samples.isEmpty { return }
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    for sample in samples {
      let label = sample.label.map { "{\($0.name)=\"\(Self.escaped($0.value))\"}" } ?? ""
      text += "\(name)\(label) \(sample.value)\n"
    }
  }

  /// Adds a metric of one value; nil leaves it out.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: (some BinaryInteger)?) {
    add(name, kind, help, value.map { [(nil, "\($0)")] } ?? [])
  }

  /// Adds a metric that is a moment, in seconds; nil leaves it out.
  mutating func add(_ name: String, _ help: String, _ moment: Timestamp?) {
    add(name, .gauge, help, moment.map { [(nil, Self.seconds($0))] } ?? [])
  }

  /// Seconds since 1970, to the thousandth.
  static func seconds(_ moment: Timestamp) -> String {
    let (whole, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: 1000)
    let digits = String(rest)
    return "\(whole).\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)"
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
