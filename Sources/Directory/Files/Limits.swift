/// What an export may be at most; more is refused before it is parsed. Bytes unless said otherwise.
struct Limits {
  /// One line of a CSV or NDJSON file.
  var line = 1 << 20
  /// One file with a Graph page, which may be a single line.
  var page = 256 << 20
  /// All files together.
  var total = 4 << 30
  /// The number of files.
  var files = 10_000
  /// The number of objects, repetitions in a delta included.
  var objects = 1_000_000
  /// One object in JSON, one CSV row.
  var object = 32 << 10
  /// One attribute's text, one link.
  var value = 8 << 10
  /// An object id, in characters.
  var id = 128
}
