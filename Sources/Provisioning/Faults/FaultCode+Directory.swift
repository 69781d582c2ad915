/// PL-01..: the directory's export files.
extension FaultCode {
  /// The input path does not exist or cannot be read.
  public static let inputUnreadable = FaultCode("0101", .input, "the input cannot be read")
  /// The input is not a regular file or a folder of them.
  public static let inputNotAFile = FaultCode("0102", .input, "the input is no regular file")
  /// The input has nothing in it.
  public static let inputEmpty = FaultCode("0103", .input, "the input is empty")
  /// The input is not UTF-8 text: UTF-16, gzip, NUL bytes, broken sequences.
  public static let inputEncoding = FaultCode("0104", .input, "the input is not UTF-8 text")
  /// A line, a field or an object is larger than the limit.
  public static let inputTooLarge = FaultCode("0105", .input, "a line, field or object is too large")
  /// The format cannot be told from the content, or the inputs do not belong together.
  public static let inputFormat = FaultCode("0106", .input, "the format is not one that is known")
  /// A column is missing, doubled, or all are unknown.
  public static let csvColumns = FaultCode("0111", .input, "the CSV's columns are wrong")
  /// A row has another number of fields than the header, is blank between others, or ends in a lone carriage return.
  public static let csvRow = FaultCode("0112", .input, "a CSV row does not fit the header")
  /// A quote is broken.
  public static let csvQuote = FaultCode("0113", .input, "a CSV quote is broken")
  /// The JSON is malformed, nested too deep, or has a member twice in one object.
  public static let jsonSyntax = FaultCode("0121", .input, "the JSON is malformed")
  /// The JSON is no page of users: no `value` array, a saved Graph error, several documents.
  public static let jsonShape = FaultCode("0122", .input, "the JSON is no page of users")
  /// A page that a nextLink names is not there, the pages do not belong to one answer or are out of order.
  public static let pageMissing = FaultCode("0123", .input, "a page is missing")
  /// A delta without deltaLink.
  public static let deltaLinkMissing = FaultCode("0124", .input, "a delta has no deltaLink")
  /// A delta that was read before and is not the newest.
  public static let deltaLinkStale = FaultCode("0125", .input, "a delta was read before and is not the newest")
  /// An object without id, or without userPrincipalName in a snapshot; a required attribute that is null or empty.
  public static let attributeMissing = FaultCode("0131", .input, "an attribute that must be there is missing")
  /// An attribute's value is of the wrong type or not allowed.
  public static let attributeValue = FaultCode("0132", .input, "an attribute's value is not allowed")
  /// The same id, or the same userPrincipalName, twice in one snapshot.
  public static let duplicateObject = FaultCode("0133", .input, "two objects of a snapshot are the same")
  /// A snapshot without a single person.
  public static let noPeople = FaultCode("0134", .input, "a snapshot holds no person")

  static let directory: [FaultCode] = [
    inputUnreadable, inputNotAFile, inputEmpty, inputEncoding, inputTooLarge, inputFormat, csvColumns, csvRow, csvQuote,
    jsonSyntax, jsonShape, pageMissing, deltaLinkMissing, deltaLinkStale, attributeMissing, attributeValue,
    duplicateObject, noPeople,
  ]
}
