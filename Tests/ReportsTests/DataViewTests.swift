import Datasets
import Foundation
import Reports
import Testing
import TestSupport
import Training

@Suite struct DataInfoTextTests {
  private func set(_ labels: [UInt16]) -> ImageSet {
    ImageSet(
      height: 1, width: 2, pixels: labels.flatMap { _ in [0, 255] as [UInt8] }, labels: labels)
  }

  private func view(
    _ dataset: Dataset, limit: Int? = nil, on terminal: Terminal = .ascii
  ) -> String {
    let data = LoadedData(dataset: dataset)
    return DataInfoText(DataSummary(data, limit: limit), terminal: terminal).text
  }

  @Test func everythingIsOnOnePage() {
    let dataset = Dataset(
      name: "few", classes: ClassTable(labels: ["A", "B", "C"]), train: set([0, 0, 1, 2]),
      test: set([2]),
      files: [
        DataFile(path: "/d/few-train", role: .trainImages, bytes: 2048, count: 4),
        DataFile(path: "/d/few-mapping.txt", role: .mapping, bytes: 15, count: 3),
      ],
      transposedOnDisk: true, note: "a note", decisions: [.turned])
    #expect(
      view(dataset) == """
        few: 3 classes, images of 1 x 2 pixels
        a note
        turned upright (EMNIST stores its images on their side)

        part   images  a class    mean  deviation  duplicates
        -----  ------  -------  ------  ---------  ----------
        train       4      1-2  0.5000     0.5000           3
        test        1      0-1  0.5000     0.5000           0
        1 of the test images are training images too
        3 images with the pixels of another one, but another label

        class  train  test
        -----  -----  ----
        A          2     0
        B          1     0
        C          1     1

        In /d/
        file             holds              size
        ---------------  -----  -------  -------
        few-train            4  images   2.0 KiB
        few-mapping.txt      3  classes     15 B

        """)
  }

  @Test func manyClassesStandSideBySide() {
    let dataset = Dataset(
      name: "many", classes: .numbers(count: 12), train: nil, test: set(Array(0..<12)))
    let lines = view(dataset).split(separator: "\n").map(String.init)
    #expect(lines.contains("class  test    class  test"))
    #expect(lines.contains("0         1    6         1"))
    #expect(lines.contains("5         1    11        1"))
  }

  @Test func aNarrowTerminalGetsOneBlock() {
    var terminal = Terminal.ascii
    terminal.width = 20
    let dataset = Dataset(
      name: "many", classes: .numbers(count: 12), train: nil, test: set(Array(0..<12)))
    #expect(view(dataset, on: terminal).contains("\nclass  test\n"))
  }

  @Test func aLimitCountsASample() {
    let dataset = Dataset(
      name: "few", classes: ClassTable(labels: ["A", "B"]), train: set([0, 0, 1, 1]), test: nil)
    #expect(view(dataset, limit: 2).contains("train       2        1"))
  }
}

@Suite struct DataListTextTests {
  private func text(in directory: String, listing data: String? = nil) throws -> String {
    let inventory = try DataInventory(
      directory: data, environment: ["EMNIST_DATA": directory + "/mine"],
      currentDirectory: directory)
    return DataListText(inventory, terminal: .ascii).text
      .replacing(directory, with: "DIR")
  }

  @Test func withNothingFoundItSaysWhereToGetEMNIST() throws {
    try withTemporaryDirectory { directory in
      let text = try text(in: directory)
      #expect(
        text == """
          data set    train   test  classes  where
          ---------  ------  -----  -------  -----------------------------------------
          synthetic  18,800  4,700       47  built in, drawn when asked for
          tiny        5,640  1,410       47  built in, used when nothing else is found

          Looked in
            DIR/mine  not there ($EMNIST_DATA)
            DIR/data  not there

          To get EMNIST (536 MiB) and train on one of its data sets:
            emnist data fetch
            emnist train --dataset balanced
          The others are byclass, bymerge, letters, digits and emnist-mnist; 'emnist data fetch mnist',
          fashion-mnist or kmnist gets those.

          """)
    }
  }

  @Test func whatIsFoundIsCounted() throws {
    try withTemporaryDirectory { directory in
      _ = try SyntheticData(name: "few", trainCount: 94, testCount: 0)
        .write(to: directory + "/data")
      let text = try text(in: directory)
      #expect(text.contains("\nfew            94      -       47  DIR/data\n"))
      #expect(text.hasSuffix("  DIR/data  1 data set\n"))
    }
  }

  @Test func oneDirectoryIsListedAlone() throws {
    try withTemporaryDirectory { directory in
      _ = try SyntheticData(name: "few", trainCount: 47, testCount: 47).write(to: directory + "/d")
      let text = try text(in: directory, listing: directory + "/d")
      #expect(text.contains("\nfew          47    47       47  DIR/d\n"))
      #expect(!text.contains("built in"))
      #expect(text.hasSuffix("\nLooked in\n  DIR/d  1 data set\n"))
      #expect(throws: DatasetError.noSuchDirectory(path: directory + "/x")) {
        try self.text(in: directory, listing: directory + "/x")
      }
    }
  }

  @Test func whatIsWrongWithFilesIsSaid() throws {
    try withTemporaryDirectory { directory in
      let file = directory + "/emnist-letters-train-images-idx3-ubyte.gz"
      #expect(FileManager.default.createFile(atPath: file, contents: nil))
      let text = try text(in: directory, listing: directory)
      #expect(
        text.contains(
          "\nDIR: data set 'letters' has no train part; "
            + "add emnist-letters-train-labels-idx1-ubyte.gz\n"))
    }
  }
}
