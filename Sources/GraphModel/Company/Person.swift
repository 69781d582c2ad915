extension Company {
  /// One person of the company, as Entra ID would hold them.
  public struct Person: Equatable, Sendable {
    /// The object id: a GUID in lower case.
    public var id: String
    /// The sign-in name, ASCII.
    public var userPrincipalName: String
    /// The name in its own script.
    public var displayName: String
    /// The first name in its own script.
    public var givenName: String
    /// The last name in its own script.
    public var surname: String
    /// The address; a few people have none.
    public var mail: String?
    /// True for a guest from a partner.
    public var isGuest: Bool
    /// Whether sign-in is allowed.
    public var isEnabled: Bool
    /// The department.
    public var department: String
    /// What the person does.
    public var jobTitle: String
    /// The address of the office; may hold line breaks.
    public var streetAddress: String
    /// The day on which the object was made, from 0.
    public var joinedDay: Int
    var culture: Int

    /// `Member` or `Guest`.
    public var userType: String { isGuest ? "Guest" : "Member" }
  }

  /// What one day changed; a person is in at most one list.
  public struct Changes: Equatable, Sendable {
    /// New people.
    public var joined: [Person] = []
    /// People with another department, which their display name shows.
    public var moved: [Person] = []
    /// People with another last name, and with it another sign-in name and address.
    public var renamed: [Person] = []
    /// People whose sign-in was turned off.
    public var disabled: [Person] = []
    /// People whose object is gone, as they were last.
    public var removed: [Person] = []
    /// People who came back: the old sign-in name under a new object id.
    public var rehired: [Person] = []
  }
}
