import Foundation
import Support
import TestSupport
import Testing

@testable import emnist

@Suite struct DataFetchCommandTests {
  private func refusal(_ words: [String]) throws -> (text: String, code: Int32) {
    let result = try ProgramResult(
      ["data", "fetch"] + words, environment: ["PATH": "/nowhere"])
    return (result.errors, result.code)
  }

  @Test func withoutCurlTheReasonIsSaid() throws {
    try withTemporaryFolder { folder in
      let (text, code) = try refusal(["mnist", "--data", folder.path + "/d"])
      #expect(text.contains("needs the program curl, which is not in PATH; install it"))
      #expect(code == 69)
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(left.isEmpty)
    }
  }

  @Test(arguments: [
    (
      ["cifar10"],
      "unknown data set 'cifar10'; choose balanced, byclass, bymerge, letters, digits, "
        + "emnist-mnist, mnist, fashion-mnist or kmnist"
    ),
    (
      ["mnist", "kmnist", "--mirror", "http://a.org"],
      "--mirror is where the files of one data set lie, but several are named; fetch them one by one"
    ),
    (
      ["mnist", "--mirror", "ftp://a.org"],
      "--mirror must be an address that begins with https:// or http://, got 'ftp://a.org'"
    ),
  ])
  func whatCannotBeFetchedIsRefused(words: [String], expected: String) throws {
    let (text, code) = try refusal(words)
    #expect(text == "emnist: \(expected)\n")
    #expect(code == 64)
  }
}
