import Foundation
import Support
import TestSupport
import Testing

@testable import Datasets

@Suite(
  .enabled(if: MisbehavingServer.isPossible, "curl and python3 are needed, and not in PATH"),
  .serialized)
struct DownloadTests {
  private let server: MisbehavingServer
  private static let digest = SHA256.hexadecimal(MisbehavingServer.content)

  init() throws { server = try MisbehavingServer() }

  private func file(
    at places: String..., size: Int? = 100_000, digest: String = Self.digest
  ) -> RemoteFile {
    RemoteFile("file", size: size, .sha256, digest, at: places.map { "\(server.address)/\($0)" })
  }

  private func fetch(_ file: RemoteFile, into directory: String) throws -> Download.Outcome {
    try Download(file, into: directory, environment: ProcessInfo.processInfo.environment).run()
  }

  /// The sentence of the failure, without the server's address, and what is left in the directory.
  private func failure(_ file: RemoteFile) throws -> (sentence: String, files: [String]) {
    try withTemporaryFolder { folder in
      let sentence = message { try fetch(file, into: folder.path + "/data") }
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/data")
      return (
        sentence.replacingOccurrences(of: server.address, with: "S")
          .replacingOccurrences(of: folder.path, with: "D"), files.sorted()
      )
    }
  }

  /// Also where no size is published, the connection breaks off again and again, the server cannot go
  /// on in the middle, and where only the second address has the file.
  @Test(
    arguments: [
      (["good"], 100_000), (["good"], nil), (["breaks"], 100_000), (["norange"], 100_000),
      (["missing", "good"], 100_000), (["page", "good"], nil), (["wrong", "good"], 100_000),
    ] as [([String], Int?)])
  func aFileComesWhole(places: [String], size: Int?) throws {
    try withTemporaryFolder { folder in
      var file = file(at: "good", size: size)
      file.addresses = places.map { "\(server.address)/\($0)" }
      let outcome = try fetch(file, into: folder.path)
      #expect(outcome == .fetched(from: "\(server.address)/\(places.last ?? "")/file"))
      #expect(try readFile(folder.path + "/file") == MisbehavingServer.content)
      #expect(try fetch(file, into: folder.path) == .kept)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
    }
  }

  @Test func aPartIsGoneOnWith() throws {
    try withTemporaryFolder { folder in
      // Nothing but the rest comes: the server's own beginning would be right, this one is not.
      var begun = Array(MisbehavingServer.content[..<70_000])
      try folder.write("file.part", begun)
      #expect(
        try fetch(file(at: "good"), into: folder.path)
          == .fetched(from: "\(server.address)/good/file"))
      begun[5] ^= 1
      try folder.write("data/file.part", begun)
      let sentence = message { try fetch(file(at: "good"), into: folder.path + "/data") }
      #expect(sentence.contains("the file's SHA-256 is"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/data")
      #expect(left.isEmpty)
    }
  }

  @Test(arguments: [
    ("page", "S/page/file: answers with a web page instead of the file"),
    ("short", "S/short/file: sent 500 bytes, the file has 100,000; it is another file"),
    (
      "endless",
      "S/endless/file: sends more than the 100,000 bytes that the file has; it is another file"
    ),
    ("missing", "S/missing/file: cannot be fetched: The requested URL returned error: 404"),
    ("silent", "S/silent/file: cannot be fetched: "),
  ])
  func whatIsNotTheFileIsRefusedAndLeavesNothing(place: String, expected: String) throws {
    let (sentence, files) = try failure(file(at: place))
    #expect(sentence.hasPrefix(expected), "\(sentence)")
    #expect(files.isEmpty)
  }

  @Test func anotherFileOfTheSameSizeIsRefused() throws {
    let (sentence, files) = try failure(file(at: "wrong"))
    let digest = SHA256.hexadecimal([UInt8](repeating: 0, count: 100_000))
    #expect(
      sentence == "S/wrong/file: the file's SHA-256 is \(digest), which is another file's, or it "
        + "was damaged on its way")
    #expect(files.isEmpty)
  }

  @Test func whatIsInTheWayStays() throws {
    try withTemporaryFolder { folder in
      try folder.write("file", [1, 2, 3])
      #expect(
        message { try fetch(file(at: "good"), into: folder.path) }
          == "\(folder.path)/file: is there already and is another file; move it away")
      #expect(try readFile(folder.path + "/file") == [1, 2, 3])
    }
  }
}

@Suite struct RemoteSourceTests {
  @Test func withoutCurlNothingIsBegun() throws {
    try withTemporaryFolder { folder in
      let url = "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip"
      #expect(throws: FetchError.noCurl(url: url)) {
        try Download(
          RemoteSource.all[0].files[0], into: folder.path + "/data",
          environment: ["PATH": "/nowhere"])
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.isEmpty)
      #expect(FetchError.noCurl(url: url).exitCode == .unavailable)
    }
  }

  @Test(arguments: [
    ("balanced", KnownDataset.balanced), ("emnist", .balanced), ("EMNIST-Letters", .letters),
    ("FashionMNIST", .fashionMNIST), ("kmnist", .kuzushijiMNIST), ("emnist-mnist", .emnistMNIST),
  ])
  func aDataSetIsFoundByAnySpelling(name: String, dataset: KnownDataset) {
    #expect(RemoteSource.dataset(named: name) == dataset)
  }

  @Test func setsOfOneArchiveAreFetchedOnce() {
    let sources = RemoteSource.sources(of: [.letters, .mnist, .digits])
    #expect(sources.map(\.folder) == [nil, "mnist"])
    #expect(sources.map { $0.files.count } == [1, 4])
    #expect(RemoteSource.dataset(named: "qmnist") == nil)
  }

  @Test func aMirrorTakesThePlaceOfAllAddresses() {
    let source = RemoteSource.sources(of: [.mnist])[0].mirrored(at: "https://a.org/b/")
    #expect(source.files.allSatisfy { $0.addresses == ["https://a.org/b"] })
  }

  @Test func theDeadAddressIsKnown() {
    let old = FetchError.webPage(url: "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip")
    #expect("\(old)".hasSuffix("; EMNIST has moved to biometrics.nist.gov"))
  }
}
