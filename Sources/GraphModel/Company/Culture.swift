/// How a part of the world writes names: each with its transliteration for sign-in names.
struct Culture: Sendable {
  /// A name in its own script, and in ASCII.
  struct Name: Sendable {
    var text: String
    var ascii: String

    init(_ text: String, _ ascii: String) {
      self.text = text
      self.ascii = ascii
    }
  }

  var given: [Name]
  var family: [Name]
  var familyFirst = false
  var separator = " "

  func displayName(_ given: String, _ family: String) -> String {
    familyFirst ? family + separator + given : given + separator + family
  }
}

/// Builds a list of names from pairs `text ascii`, separated by bars.
private func names(_ list: String) -> [Culture.Name] {
  list.split(separator: "|").map { pair in
    let parts = pair.split(separator: "=")
    return Culture.Name(String(parts[0]), String(parts[parts.count - 1]))
  }
}

extension Culture {
  /// All cultures; the plain ones stand several times, since most people of a European company have such names.
  static let all: [Culture] =
    Array(repeating: western, count: 4) + Array(repeating: diacritics, count: 4) + [
      hyphens, apostrophes, doubleSurnames, cyrillic, greek, arabic, hebrew, chinese, japanese, korean, devanagari,
      thai,
    ]

  /// Names that alone exceed 50 UTF-16 units; rare.
  static let long = Culture(
    given: names(
      "Maria Antonia Josefa Walburga Friederike Leopoldine=maria.antonia"
        + "|Pedro de Alcântara Francisco António João Carlos=pedro.de.alcantara"),
    family: names(
      "von Hohenfels-Sonnenberg und zu Waldstätten-Wartenstein=von-hohenfels"
        + "|Wickramasinghe Arachchilage Jayasundara Mudiyanselage=wickramasinghe"))

  private static let western = Culture(
    given: names(
      "Anna=anna|Ben=ben|Clara=clara|David=david|Emma=emma|Felix=felix|Grace=grace|Henry=henry|Ida=ida|Jonas=jonas"),
    family: names(
      "Smith=smith|Miller=miller|Jansen=jansen|Rossi=rossi|Schmidt=schmidt|Wagner=wagner|Brown=brown|Moreau=moreau|Keller=keller"
    ))

  private static let diacritics = Culture(
    given: names(
      "Jürgen=juergen|Zoë=zoe|Søren=soeren|François=francois|Łukasz=lukasz|Šárka=sarka|Ağça=agca|Þórunn=thorunn|Nguyễn=nguyen|José=jose|Åse=aase|Rúben=ruben"
    ),
    family: names(
      "Müller=mueller|Weiß=weiss|Ångström=angstroem|Dvořák=dvorak|Łęcki=lecki|Öztürk=oeztuerk|Sæmundsson=saemundsson|Trần=tran|Núñez=nunez|Lefèvre=lefevre|Őry=ory|Ștefănescu=stefanescu"
    ))

  private static let hyphens = Culture(
    given: names("Jean-Luc=jean-luc|Anne-Marie=anne-marie|Karl-Heinz=karl-heinz|Mary-Jane=mary-jane|Ji-woo=ji-woo"),
    family: names("Meyer-Förster=meyer-foerster|Smith-Jones=smith-jones|Lévy-Strauß=levy-strauss|Al-Amin=al-amin"))

  private static let apostrophes = Culture(
    given: names("N'Golo=ngolo|D’Arcy=darcy|Aoife=aoife|Sinéad=sinead|Mo'nique=monique"),
    family: names("O'Brien=obrien|O’Neill=oneill|D'Angelo=dangelo|M'Bappé=mbappe|Dell'Acqua=dellacqua|Ka'ili=kaili"))

  private static let doubleSurnames = Culture(
    given: names("María José=mariajose|Luis Ángel=luisangel|João=joao|Inês=ines|Juan Pablo=juanpablo"),
    family: names(
      "García Márquez=garciamarquez|de la Cruz Peña=delacruzpena|Vaz Conceição=vazconceicao|Ortiz y Gómez=ortizygomez|van der Berg=vanderberg"
    ))

  private static let cyrillic = Culture(
    given: names("Ольга=olga|Дмитро=dmytro|Юлия=yuliya|Сергей=sergey|Ђорђе=djordje|Щит=shchyt"),
    family: names("Іваненко=ivanenko|Жуков=zhukov|Шевченко=shevchenko|Ќосев=kjosev|Чайкина=chaykina"))

  private static let greek = Culture(
    given: names("Ελένη=eleni|Γιώργος=giorgos|Χρύσα=chrysa|Οδυσσέας=odysseas"),
    family: names("Παπαδόπουλος=papadopoulos|Αγγελίδης=angelidis|Ψαρράς=psarras|Ξενάκης=xenakis"))

  private static let arabic = Culture(
    given: names("محمد=mohammed|فاطمة=fatima|يوسف=yousef|ليلى=layla"),
    family: names("الفارسي=alfarsi|حداد=haddad|بن سعيد=bensaid|المصري=almasri"))

  private static let hebrew = Culture(
    given: names("נועה=noa|יוסף=yosef|תמר=tamar|איתי=itay"),
    family: names("כהן=cohen|לוי=levi|בן־דוד=ben-david|מזרחי=mizrahi"))

  private static let chinese = Culture(
    given: names("小明=xiaoming|丽华=lihua|伟=wei|思远=siyuan|𠮷祥=jixiang"),
    family: names("王=wang|李=li|欧阳=ouyang|陳=chen"), familyFirst: true, separator: "")

  private static let japanese = Culture(
    given: names("太郎=taro|さくら=sakura|健一=kenichi|ヒロシ=hiroshi"),
    family: names("佐藤=sato|鈴木=suzuki|髙橋=takahashi|渡邉=watanabe"), familyFirst: true)

  private static let korean = Culture(
    given: names("민수=minsu|지우=jiwoo|서연=seoyeon|하늘=haneul"),
    family: names("김=kim|이=lee|박=park|남궁=namgung"), familyFirst: true, separator: "")

  private static let devanagari = Culture(
    given: names("प्रिया=priya|अर्जुन=arjun|लक्ष्मी=lakshmi|विक्रम=vikram"),
    family: names("शर्मा=sharma|कृष्णन=krishnan|मिश्रा=mishra|वर्मा=varma"))

  private static let thai = Culture(
    given: names("สมชาย=somchai|มาลี=malee|ณัฐพล=nattapol|สุดา=suda"),
    family: names("ศรีสุข=srisuk|วงศ์ใหญ่=wongyai|เจริญผล=charoenphon|บุญมี=boonmee"))
}
