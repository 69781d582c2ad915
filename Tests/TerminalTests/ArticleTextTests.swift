import Testing

@testable import Terminal

/// Articles on a terminal, and as manual pages.
@Suite("Articles that are read elsewhere")
struct ArticleTextTests {
  private let article = Article(
    """
    # Operate

    Run the worker, and `act` when
    something wants an **operator**.

    ## Pending work

    - one item
      that goes on
    - another, see <doc:ErrorsAndExits> or [Graph](https://learn.microsoft.com)

    | word | meaning |
    | --- | --- |
    | `held` | waits |

    ```console
    $ provledger delivery list
    ```
    """)

  @Test("paragraphs are filled, items and rows stand close, code is as it is, marks are gone")
  func text() {
    #expect(
      article.lines(Table.Look(width: 40)) == [
        "OPERATE", "", "Run the worker, and act when something", "wants an operator.", "", "Pending work", "",
        "- one item that goes on", "- another, see provledger help", "  errors-and-exits or Graph", "", "held",
        "    waits",
        "", "    $ provledger delivery list",
      ])
    #expect(article.title == "Operate" && article.abstract.hasSuffix("an operator."))
    #expect(Topic.word(of: "EraseAndBackUp") == "erase-and-back-up")
  }

  @Test("a manual page escapes what would be a request or another sign")
  func man() {
    let page = ManPage.of(
      Article("# T\n\nSee `--x`.\n\n## A\n\nB\n\n```\n.so /etc/passwd\n'a\\b\n```"), name: "p-t", version: "1",
      day: "2026-11-28")
    #expect(page.hasPrefix(".TH P-T 7 \"2026-11-28\" \"provledger 1\""))
    // A heading opens a paragraph by itself: another one between is what mandoc warns of.
    #expect(page.contains(".SH DESCRIPTION\nSee ") && page.contains(".SH A\nB\n.PP\n"))
    #expect(page.contains("See \\fB\\-\\-x\\fR.\n"))
    #expect(page.contains("\n\\&.so /etc/passwd\n\\(aqa\\eb\n"))
  }
}
