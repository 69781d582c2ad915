import Expressions
import JSON
import Testing

@Suite("Patterns of dates") struct DatePatternTests {
  @Test(
    "Written by .NET's letters",
    arguments: [
      ("yyyy-MM-ddTHH:mm:ss.fffZ", "2026-03-05T16:07:08.009Z"), ("M/d/yyyy h:mm:ss tt", "3/5/2026 4:07:08 PM"),
      ("dddd, dd MMMM yyyy", "Thursday, 05 March 2026"), ("ddd d MMM yy", "Thu 5 Mar 26"), ("hh t", "04 P"),
      ("o", "2026-03-05T16:07:08.0090000Z"), ("s", "2026-03-05T16:07:08"), ("r", "Thu, 05 Mar 2026 16:07:08 GMT"),
      ("'day' d", "day 5"), ("\\d d", "d 5"), ("%d", "5"), ("ss.FFF", "08.009"), ("zzz", "+00:00"), ("zz", "+00"),
      ("%K", "Z"),
      ("O", "2026-03-05T16:07:08.0090000Z"), ("R", "Thu, 05 Mar 2026 16:07:08 GMT"), ("u", "2026-03-05 16:07:08Z"),
      ("U", "Thursday, 05 March 2026 16:07:08"), ("F", "Thursday, 05 March 2026 16:07:08"), ("yyyy g", "2026 A.D."),
      ("d", "03/05/2026"), ("Y", "2026 March"), ("yyyyMMdd", "20260305"),
    ]) func written(_ form: String, _ expected: String) throws
  {
    let expression = "FormatDateTime([d], , , \"\(form.replacing("\\", with: "\\\\"))\")"
    #expect(try value(expression, ["d": "2026-03-05T16:07:08.009Z"]) == .string(expected))
  }

  @Test(
    "Read by .NET's letters, in UTC",
    arguments: [
      ("dd/MM/yyyy", "31/12/2026", "2026-12-31 00:00:00"), ("d MMM yyyy", "5 mar 2026", "2026-03-05 00:00:00"),
      ("M/d/yyyy h:mm tt", "3/5/2026 12:30 AM", "2026-03-05 00:30:00"),
      ("HH:mm zzz", "10:00 +02:00", "0001-01-01 08:00:00"),
      ("yy", "29", "2029-01-01 00:00:00"), ("yy", "30", "1930-01-01 00:00:00"),
      ("ddd dd MMMM yyyy", "Thu 05 March 2026", "2026-03-05 00:00:00"),
      ("o", "2026-03-05T16:07:08.0090000Z", "2026-03-05 16:07:08"),
      ("u", "2026-03-05 16:07:08Z", "2026-03-05 16:07:08"),
      ("r", "Thu, 05 Mar 2026 16:07:08 GMT", "2026-03-05 16:07:08"), ("yyyy gg", "2026 AD", "2026-01-01 00:00:00"),
      ("yyyy-MM-ddTHH:mm:ss.FFFK", "2026-03-05T16:07:08Z", ""),
      ("yyyy-MM-ddTHH:mm:ss.fffK", "2026-03-05T16:07:08.5Z", ""),
    ]) func read(_ form: String, _ text: String, _ expected: String) throws
  {
    let expression = "FormatDateTime(\"\(text)\", , \"\(form)\", \"yyyy-MM-dd HH:mm:ss\")"
    if expected.isEmpty {
      #expect(failure(expression)?.sentence.contains("does not have the form") == true)
    } else {
      #expect(try value(expression) == .string(expected))
    }
  }

  @Test("What is no date, and no pattern, is refused") func refused() {
    #expect(failure(#"FormatDateTime("31/02/2026", , "dd/MM/yyyy", "d")"#)?.sentence.contains("does not have") == true)
    #expect(failure(#"FormatDateTime("2026-01-01", , , "'open")"#)?.sentence.contains("outputFormat") == true)
    #expect(failure(#"FormatDateTime("2026-01-01", , "'open", "d")"#)?.sentence.contains("inputFormat") == true)
    #expect(failure(#"DateAdd("x", 1, "2026-01-01")"#)?.sentence.contains("no interval") == true)
    #expect(failure(#"DateAdd("yyyy", 9000, "2026-01-01")"#)?.sentence.contains("9999") == true)
  }
}
