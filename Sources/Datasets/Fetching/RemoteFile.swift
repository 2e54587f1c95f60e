import Support

/// A file of a data set as it lies in the internet, and how one knows it.
public struct RemoteFile: Equatable, Sendable {
  public let name: String
  /// In bytes; `nil` if nobody has published it, and the digest alone decides.
  let size: Int?
  let function: Digest.Function
  /// In hexadecimal digits.
  let digest: String
  /// The directories that hold it, the first to be asked first. None ends with a slash.
  var addresses: [String]

  /// Its first address.
  var url: String { "\(addresses.first ?? "")/\(name)" }

  /// The most that a file of unknown size may have, in bytes: twice the largest.
  static let largest = 64 << 20

  init(
    _ name: String, size: Int? = nil, _ function: Digest.Function, _ digest: String,
    at addresses: [String]
  ) {
    self.name = name
    self.size = size
    self.function = function
    self.digest = digest
    self.addresses = addresses
  }
}

/// A source of data sets: the files that are fetched together.
public struct RemoteSource: Equatable, Sendable {
  /// The data sets that its files hold.
  public let datasets: [KnownDataset]
  /// The folder below the data directory; `nil`: that itself.
  public let folder: String?
  public private(set) var files: [RemoteFile]

  /// EMNIST's one archive, which is read as it is, and the families of files that all have the names
  /// of MNIST's, each in a folder of its own.
  public static let all = [emnist, mnist, fashion, kuzushiji]

  /// The sources of these data sets, each once, in the order in which they are named.
  public static func sources(of datasets: [KnownDataset]) -> [RemoteSource] {
    var result: [RemoteSource] = []
    for dataset in datasets {
      guard let source = all.first(where: { $0.datasets.contains(dataset) }) else { continue }
      if !result.contains(source) { result.append(source) }
    }
    return result
  }

  /// The data sets that can be fetched.
  public static let names = all.flatMap(\.datasets).map(\.rawValue)

  /// The data set that a person means by a name; `emnist` is all of EMNIST's. `nil` if it cannot be
  /// fetched.
  public static func dataset(named name: String) -> KnownDataset? {
    let name = KnownDataset.canonicalName(name)
    let dataset = name == "emnist" ? KnownDataset.balanced : KnownDataset(rawValue: name)
    return all.contains { source in dataset.map(source.datasets.contains) ?? false } ? dataset : nil
  }

  /// Where a data set lies in the internet, if it is one of those that can be fetched.
  public static func address(ofDataset name: String) -> String? {
    guard let dataset = dataset(named: name) else { return nil }
    return all.first { $0.datasets.contains(dataset) }?.files.first?.addresses.first
  }

  /// The same files from another place.
  ///
  /// - Parameter address: of the directory that holds them.
  public func mirrored(at address: String) -> RemoteSource {
    var result = self
    let directory = address.hasSuffix("/") ? String(address.dropLast()) : address
    for index in files.indices { result.files[index].addresses = [directory] }
    return result
  }

  private static let emnist = RemoteSource(
    datasets: [.balanced, .byClass, .byMerge, .letters, .digits, .emnistMNIST], folder: nil,
    files: [
      // The digest is that of TensorFlow Datasets, the size that of the server.
      RemoteFile(
        "gzip.zip", size: 561_753_746, .sha256,
        "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
        at: ["https://biometrics.nist.gov/cs_links/EMNIST"])
    ])

  private static let mnist = family(
    .mnist, .sha256,
    [
      "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
      "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
      "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
      "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ],
    at: [
      "https://ossci-datasets.s3.amazonaws.com/mnist",
      "https://storage.googleapis.com/cvdf-datasets/mnist", "http://yann.lecun.com/exdb/mnist",
    ])

  private static let fashion = family(
    .fashionMNIST, .md5,
    [
      "8d4fb7e6c68d591d4c3dfef9ec88bf0d", "25c81989df183df01b3e8a0aad5dffbe",
      "bef4ecab320f06d8554ea6380940ec79", "bb300cfdad3c16e7a12a480ee83cd310",
    ], at: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"])

  private static let kuzushiji = family(
    .kuzushijiMNIST, .md5,
    [
      "bdb82020997e1d708af4cf47b453dcf7", "e144d726b3acfaa3e44228e80efcd344",
      "5c965bf0a639b31b8f53240b1b52f4d7", "7320c461ea6c1c855c0b718fb2a4b134",
    ], at: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist"])

  /// The four files of a family, in the order of their digests.
  private static func family(
    _ dataset: KnownDataset, _ function: Digest.Function, _ digests: [String],
    at addresses: [String]
  ) -> RemoteSource {
    let names = [
      "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
      "t10k-labels-idx1-ubyte.gz",
    ]
    return RemoteSource(
      datasets: [dataset], folder: dataset.rawValue,
      files: zip(names, digests).map { RemoteFile($0, function, $1, at: addresses) })
  }
}
