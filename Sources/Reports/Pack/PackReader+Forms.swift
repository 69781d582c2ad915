import JSON

/// The forms of a report, each held against what was made anew.
extension PackReader {
  var rowsFail: any Error { fails("the rows of \(Name.csv) do not follow from the events") }
  var numbersFail: any Error { fails("the numbers of \(Name.json) do not follow from the events") }

  var questionFails: any Error { fails("the manifest puts no question that this program knows") }

  /// What page one states. What was asked, by whom, and among how many, nothing else in a pack can say.
  var statedAbout: [ReportDocument.Fact] { PageOne.facts(stated: stated?["about"]) }

  /// Whether some rows were drawn.
  var isSampled: Bool { manifest["parameters"]?["sample"] != nil }

  /// Whether this program made the pack, so that it can make its page anew.
  var isOwn: Bool { manifest["program"]?.string == program }

  /// Holds each form against the report as it was made of the events; gives how many rows there are.
  func check(_ made: ReportDocument) throws -> Int {
    guard report == made.name, manifest["rows"]?.integer == made.rows.count else {
      throw fails("the manifest names another report than the one that follows from its question")
    }
    if try file(Name.csv) != Array(made.csv.utf8) { throw rowsFail }
    if stated?["counts"] != ReportDocument.object(made.counts) { throw numbersFail }
    try checkPageOne(rows: made.rows.count)
    if try file(Name.json) != Array((made.explained.text + "\n").utf8) {
      throw fails("\(Name.json) says something else than the events and \(Name.csv)")
    }
    guard isOwn else { return made.rows.count }
    // On the page of a sample there is a chart of all.
    if !isSampled, try file(Name.page) != Array(ReportPage.html(made).utf8) {
      throw fails("\(Name.page) shows something else than \(Name.json)")
    }
    let others = [Name.instructions: PackInstructions.text, Name.schema: made.schema.text + "\n"]
    for (name, text) in others where try file(name) != Array(text.utf8) {
      throw fails("\(name) is not the one that this program writes")
    }
    return made.rows.count
  }

  /// Which part of which log it is, and how many rows.
  private func checkPageOne(rows: Int) throws {
    let (about, log, asked) = (stated?["about"], manifest["log"], manifest["parameters"])
    let known: [(String, String?)] = [
      ("rows", String(rows)), ("asOf", asked?["asOf"]?.string), ("logSize", asked?["asOfPosition"]?.string),
      ("logOrigin", log?["origin"]?.string), ("logRoot", log?["root"]?.string),
      ("program", manifest["program"]?.string.map { "provledger \($0)" }),
      ("complete", asked?["asOfPosition"]?.string.map(PageOne.complete)),
    ]
    if let (key, _) = known.first(where: { about?[$0.0]?.string != $0.1 }) {
      throw fails("page one of \(Name.json) states another \(key) than the rest of the pack")
    }
  }
}
