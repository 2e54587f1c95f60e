import Datasets
import Formats
import Foundation
import Serving
import Support

// Changes files at random and reads them, each by its reader, in this process:
//
//     Fuzz READER COUNT [SEED]
//
// A reader may refuse what it gets, with an error of its own. It may not trap, take more than a
// second, or make the process larger than 256 MB. The number of the input that it died of is said,
// and `Fuzz READER 1 SEED+NUMBER` reads that one alone.

/// What is fed: the reader and the files that changes begin with.
struct FuzzTarget {
  let name: String
  let seeds: [[UInt8]]
  let read: ([UInt8]) throws -> Void
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Chance {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}

/// Some changes of a file, as damage and as malice make them.
func changed(_ file: [UInt8], _ chance: inout Chance) -> [UInt8] {
  var bytes = file
  for _ in 0...chance.below(4) where !bytes.isEmpty {
    let place = chance.below(bytes.count)
    switch chance.below(9) {
    case 0: bytes[place] ^= 1 << UInt8(chance.below(8))
    case 1: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
    case 2: bytes.removeLast(chance.below(bytes.count))
    case 3: bytes.insert(UInt8(truncatingIfNeeded: chance.next()), at: place)
    case 4: bytes.remove(at: place)
    case 5:
      // A number that lies at an edge, of one to eight bytes.
      let edges: [UInt64] = [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, .max,
      ]
      let edge = edges[chance.below(edges.count)]
      for offset in 0..<(1 << chance.below(4)) where place + offset < bytes.count {
        bytes[place + offset] = UInt8(truncatingIfNeeded: edge >> (8 * UInt64(offset)))
      }
    case 6:
      let end = min(bytes.count, place + 1 + chance.below(32))
      bytes.insert(contentsOf: bytes[place..<end], at: chance.below(bytes.count))
    case 7:
      let end = min(bytes.count, place + 1 + chance.below(32))
      bytes.removeSubrange(place..<end)
    default:
      let other = chance.below(bytes.count)
      bytes.swapAt(place, other)
    }
  }
  return bytes
}

// MARK: Files to begin with

let pixels = (0..<12 * 16).map { UInt8($0 * 37 % 256) }
let array = NumberArray(.uint8, [12, 4, 4], bytes: pixels)
let labels = NumberArray(.uint8, [12], bytes: (0..<12).map { UInt8($0 % 3) })
let idx = IDXFile(elementType: .unsignedByte, dimensions: [12, 4, 4], payload: pixels).encoded()
let archive = NPZ.encode([("x_train", array), ("y_train", labels)], level: 6)

func table(_ header: String, _ separator: String, quoted: Bool = false) -> [UInt8] {
  let rows = (0..<12).map { image in
    (["\(image % 3)"]
      + pixels[image * 16..<image * 16 + 16].map { quoted ? "\"\($0).5\"" : "\($0)" })
      .joined(separator: separator)
  }
  return Array(((header.isEmpty ? [] : [header]) + rows).joined(separator: "\n").utf8)
}

let tables = [
  table("", ","), table("label," + (0..<16).map { "p\($0)" }.joined(separator: ","), ","),
  table("", ";", quoted: true), table("", "\t"),
]

/// The files of `Tests/FormatsTests/Golden`, or none where the sources are not there.
func golden(_ kind: String) -> [[UInt8]] {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FormatsTests/Golden/array_files.json")
  guard let data = try? Data(contentsOf: path),
    let json = try? JSONSerialization.jsonObject(with: data) as? [String: [[String: Any]]]
  else { return [] }
  return (json[kind] ?? []).compactMap { entry in
    (entry["file"] as? String).flatMap { Data(base64Encoded: $0) }.map { Array($0) }
  }
}

/// Those of `Tests/FormatsTests/Golden/pictures.json` whose names begin so.
func pictures(_ prefix: String) -> [[UInt8]] {
  let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("FormatsTests/Golden/pictures.json")
  guard let data = try? Data(contentsOf: path),
    let json = try? JSONSerialization.jsonObject(with: data) as? [String: [[String: Any]]]
  else { return [] }
  return (json["pictures"] ?? []).filter { ($0["name"] as? String)?.hasPrefix(prefix) == true }
    .compactMap { ($0["file"] as? String).flatMap { Data(base64Encoded: $0) }.map { Array($0) } }
}

let mapping = Array("\u{FEFF}0 48\n1 65 97\n2 fish\n".utf8)

let fileTargets: [FuzzTarget] = [
  FuzzTarget(name: "idx", seeds: [idx]) {
    _ = try IDXFile(parsing: $0, path: "x").numbers.extent
  },
  FuzzTarget(name: "gzip", seeds: [Gzip.compress(idx), Gzip.compress(tables[0])]) {
    _ = try Gzip.inflate($0, path: "x")
    _ = try IDXFile(parsing: $0, path: "x")
  },
  FuzzTarget(name: "zip", seeds: golden("zip") + [archive]) {
    let zip = try ZipArchive(parsing: $0, path: "x")
    for member in zip.members {
      _ = try zip.start(of: member, count: 100)
      _ = try zip.contents(of: member)
    }
  },
  FuzzTarget(name: "npy", seeds: golden("npy") + [NPY.encode(array)]) {
    if case .numbers(let array) = try NPY.decode($0, path: "x") {
      _ = (array.extent, array.integers(), array.scaledToBytes(offset: 0, factor: 255))
    }
  },
  FuzzTarget(name: "mat", seeds: golden("mat")) {
    let file = try MATFile(parsing: $0, path: "x")
    for name in file.names { _ = file[name]?.extent }
  },
  FuzzTarget(name: "csv", seeds: tables) { _ = try PixelTable(parsing: $0, path: "x") },
  FuzzTarget(name: "mapping", seeds: [mapping, Array(mapping.dropLast(7))]) {
    _ = try ClassTable(parsingMapping: $0, path: "x")
  },
  FuzzTarget(
    name: "png", seeds: [PNG.encode(gray: pixels, width: 16, height: 12)]
  ) { _ = try PNG.decode($0, path: "x") },
  FuzzTarget(
    name: "netpbm",
    seeds: [
      Array("P2 4 3 15\n0 1 2 3 4 5 6 7 8 9 10 11\n".utf8),
      Array("P5 2 2 255\n".utf8) + [0, 9, 99, 255],
    ] + pictures("p")
  ) { _ = try Netpbm.decode($0, path: "x") },
  FuzzTarget(name: "bmp", seeds: pictures("bmp")) { _ = try BMP.decode($0, path: "x") },
  // With the library that reads what our own check of the header lets through.
  FuzzTarget(name: "jpeg", seeds: pictures("jpeg")) { _ = try JPEG.decode($0, path: "x") },
  FuzzTarget(name: "heif", seeds: pictures("heic") + pictures("avif")) {
    _ = try HEIF.decode($0, path: "x")
  },
  // What comes over a connection, in two pieces.
  FuzzTarget(
    name: "http",
    seeds: [
      "POST /predict?x HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: 3\r\n"
        + "Expect: 100-continue\r\n\r\nabcGET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: image/png; q=1\r\n\r\n",
    ].map { Array($0.utf8) }
  ) { bytes in
    var parser = RequestParser()
    do throws(HTTPProblem) {
      for piece in [bytes.prefix(bytes.count / 2), bytes.dropFirst(bytes.count / 2)] {
        parser.take(piece)
        while try parser.next() != nil {}
      }
    } catch {
      // A refusal is an answer here, and not a user's error.
    }
  },
  FuzzTarget(name: "webp", seeds: pictures("webp")) { _ = try WebP.decode($0, path: "x") },
]
let targets = fileTargets + runTargets()

// MARK: The loop

/// The processor time of this process, in seconds: how busy a machine is says nothing of a reader.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

nonisolated(unsafe) var current: UInt64 = 0

for signalNumber in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
  signal(signalNumber) { number in
    // Nothing but `write` is allowed here.
    var text: [UInt8] = Array(repeating: 0x20, count: 24)
    var (rest, place) = (current, 22)
    repeat {
      text[place] = UInt8(0x30 + rest % 10)
      (rest, place) = (rest / 10, place - 1)
    } while rest > 0
    text[23] = 10
    _ = write(2, "died of input", 13)
    _ = write(2, text, 24)
    signal(number, SIG_DFL)
    raise(number)
  }
}

let arguments = CommandLine.arguments
guard arguments.count >= 3, let count = UInt64(arguments[2]),
  let target = targets.first(where: { $0.name == arguments[1] })
else {
  print("usage: Fuzz READER COUNT [SEED]; readers: \(targets.map(\.name).joined(separator: " "))")
  exit(64)
}
atexit { removeScratch() }
guard !target.seeds.isEmpty else {
  print("\(target.name): no files to begin with")
  exit(66)
}
let firstSeed = arguments.count > 3 ? UInt64(arguments[3]) ?? 0 : 0
var (read, refused, slowest) = (0, 0, 0.0)
for number in firstSeed..<firstSeed + count {
  current = number
  var chance = Chance(state: number &* 0x2545_F491_4F6C_DD1D)
  let seed = target.seeds[chance.below(target.seeds.count)]
  let bytes = changed(seed, &chance)
  let start = processorSeconds()
  do {
    try target.read(bytes)
    read += 1
  } catch let error as any UserError {
    refused += 1
    // A name that it holds may break the line; where it is printed that is shown as an escape.
    guard !error.description.isEmpty else {
      print("\(target.name): input \(number): no sentence")
      exit(1)
    }
  }
  let seconds = processorSeconds() - start
  slowest = max(slowest, seconds)
  guard seconds < 1 else {
    print("\(target.name): input \(number) took \(seconds) s")
    exit(1)
  }
}
var usage = rusage()
getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
#if canImport(Darwin)
  let megabytes = usage.ru_maxrss >> 20
#else
  let megabytes = usage.ru_maxrss >> 10
#endif
print(
  "\(target.name): \(count) inputs, \(read) read, \(refused) refused, slowest "
    + "\(Int((slowest * 1000).rounded(.up))) ms, \(megabytes) MB at most")
exit(megabytes < 256 ? 0 : 1)
