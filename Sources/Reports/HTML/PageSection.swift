/// A chapter of a page.
struct PageSection {
  /// What links name it by.
  let id: String
  let title: String
  let body: Markup

  /// Links to all of them, and then one after the other.
  static func all(_ sections: [PageSection]) -> Markup {
    let links = sections.map { Markup.element("a", ["href": "#\($0.id)"], Markup($0.title)) }
    return .element("nav", [:], links.joined())
      + sections.map { section in
        .element(
          "section", ["id": section.id], .element("h2", [:], Markup(section.title)), section.body)
      }.joined()
  }
}
