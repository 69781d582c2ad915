import Base
import Mustache

/// A report as one HTML page that needs nothing else: printed on A4, light or dark as the reader has it.
public enum ReportPage {
  /// The page. Throws for a template that cannot be read, which would be a defect of this program.
  public static func html(_ document: ReportDocument) throws -> String {
    try MustacheTemplate(string: source).render(content(document))
  }

  private static func content(_ document: ReportDocument) -> [String: Any] {
    func facts(_ facts: [ReportDocument.Fact]) -> [[String: String]] {
      facts.map { ["name": clean($0.name), "value": clean($0.value)] }
    }
    let shown = document.columns.indices.filter { document.columns[$0].isInPage }
    return [
      "title": document.title, "about": facts(document.about), "counts": facts(document.counts),
      "hasChart": !document.chart.bars.isEmpty, "chart": chart(document.chart.title, document.chart.bars),
      "columns": shown.map { document.columns[$0].name }, "isEmpty": document.rows.isEmpty,
      "rows": document.rows.map { row in
        ["cells": shown.map { cell(clean(row[$0])) }]
      },
    ]
  }

  /// Nothing that a browser would not show.
  private static func clean(_ text: String) -> String { OutsideText.cleaned(text) }

  private static func cell(_ text: String) -> [String: Any] {
    text.contains(" ") ? ["text": text] : ["pieces": pieces(text)]
  }

  /// A word in pieces between which a line may end, so that a narrow column breaks no word in the middle: a moment before its
  /// time of day, an address behind its `@`, an id in two.
  private static func pieces(_ text: String) -> [String] {
    if Timestamp(text) != nil, let end = text.firstIndex(of: "T") {
      return [String(text[...end]), String(text[text.index(after: end)...])]
    }
    var pieces = [""]
    for character in text {
      pieces[pieces.count - 1].append(character)
      let isLong = pieces[pieces.count - 1].count >= longest
      if character == "@" || isLong { pieces.append("") }
    }
    return pieces.filter { !$0.isEmpty }
  }

  /// The most characters of a piece.
  private static let longest = 18

  /// The measures of the chart: each bar 22 units high, the longest 380 wide, behind its name.
  private static func chart(_ title: String, _ bars: [ReportDocument.Bar]) -> [String: Any] {
    let most = max(1, bars.map(\.count).max() ?? 1)
    return [
      "title": title, "height": bars.count * 22 + 4,
      "bars": bars.enumerated().map { index, bar in
        let width = bar.count * 380 / most
        return [
          "name": bar.name.count > 32 ? "\(bar.name.prefix(31))\u{2026}" : clean(bar.name), "count": String(bar.count),
          "y": String(index * 22), "text": String(index * 22 + 14), "width": String(width), "end": String(width + 208),
        ]
      },
    ]
  }

  private static let source = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{title}}</title>
    <style>
    :root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --line: #c9ced6; --bar: #2f6db5; --soft: #f3f5f8; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6e8eb; --paper: #16181c; --line: #3b4049; --bar: #6ea8e6; --soft: #1f2329; }
    }
    body { font: 10pt/1.4 sans-serif; color: var(--ink); background: var(--paper); max-width: 84rem; margin: 2rem auto; padding: 0 1rem; }
    h1 { font-size: 16pt; margin: 0 0 .6rem; }
    h2 { font-size: 12pt; margin: 1.4rem 0 .4rem; break-after: avoid; }
    table { border-collapse: collapse; width: 100%; }
    th, td { border-bottom: 1px solid var(--line); padding: .2rem .5rem .2rem 0; text-align: left; vertical-align: top; overflow-wrap: break-word; }
    thead th { background: var(--soft); }
    table.facts th { width: 14rem; font-weight: 600; }
    table.facts td { overflow-wrap: anywhere; }
    .rows { overflow-x: auto; }
    .rows table { font-size: 9pt; }
    .rows span { white-space: nowrap; }
    svg { max-width: 100%; height: auto; }
    svg text { fill: var(--ink); font: 12px sans-serif; }
    svg rect { fill: var(--bar); }
    .sign { display: flex; gap: 2rem; margin-top: 3rem; break-inside: avoid; }
    .sign div { flex: 1; border-top: 1px solid var(--ink); padding-top: .2rem; }
    @page { size: A4; margin: 16mm; }
    @page rows { size: A4 landscape; margin: 12mm; }
    @media print {
      :root { --ink: #000000; --paper: #ffffff; --line: #999999; --bar: #444444; --soft: #eeeeee; }
      body { margin: 0; max-width: none; padding: 0; font-size: 8.5pt; line-height: 1.3; }
      th, td { padding: .12rem .5rem .12rem 0; }
      h2 { margin: .9rem 0 .3rem; }
      .sign { margin-top: 2rem; }
      tr { break-inside: avoid; }
      .rows { page: rows; break-before: page; overflow: visible; }
      .rows table { font-size: 7pt; line-height: 1.3; }
      thead { display: table-header-group; }
    }
    </style>
    </head>
    <body>
    <h1>{{title}}</h1>
    <table class="facts">
    {{#about}}<tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>
    {{/about}}
    </table>
    <h2>Numbers</h2>
    <table class="facts">
    {{#counts}}<tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>
    {{/counts}}
    </table>
    {{#hasChart}}{{#chart}}<h2>{{title}}</h2>
    <svg viewBox="0 0 640 {{height}}" width="640" height="{{height}}" role="img" aria-label="{{title}}">
    {{#bars}}<text x="0" y="{{text}}">{{name}}</text><rect x="200" y="{{y}}" width="{{width}}" height="18"/><text x="{{end}}" y="{{text}}">{{count}}</text>
    {{/bars}}
    </svg>{{/chart}}{{/hasChart}}
    <div class="sign"><div>Prepared by, date</div><div>Reviewed by, date</div></div>
    {{#isEmpty}}<h2>Rows</h2>
    <p>There are none.</p>{{/isEmpty}}
    {{^isEmpty}}<div class="rows">
    <h2>Rows</h2>
    <table>
    <thead><tr>{{#columns}}<th scope="col">{{.}}</th>{{/columns}}</tr></thead>
    <tbody>
    {{#rows}}<tr>{{#cells}}<td>{{text}}{{#pieces}}<span>{{.}}</span><wbr>{{/pieces}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>{{/isEmpty}}
    </body>
    </html>

    """
}
