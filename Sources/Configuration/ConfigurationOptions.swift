import NN
import Support
import Tensor

extension ConfigurationOption {
  /// Every option, in the order in which help and files list them. Flags, environment variables,
  /// keys of `--config` and `config.json` and a sweep's parameters all come from this list.
  public static let all = [
    data, model, training, optimizer, schedule, regularization, loss, loop, augmentation,
    run,
  ].flatMap(\.self)

  /// The option of this name, if there is one.
  public static func named(_ name: String) -> ConfigurationOption? { byName[name] }

  /// The option of a name that stands in the program's text.
  public static func known(_ name: String) -> ConfigurationOption {
    guard let option = byName[name] else { preconditionFailure("no option is called '\(name)'") }
    return option
  }

  private static let byName = [String: ConfigurationOption](
    uniqueKeysWithValues: all.map { ($0.name, $0) })

  /// Which images and labels.
  public static let data: [ConfigurationOption] = [
    .init(
      "dataset", \.dataset, .text("a name"), "NAME", in: .data,
      help: "balanced, byclass, bymerge, letters, digits, emnist-mnist, mnist, fashion-mnist, "
        + "kmnist, synthetic, or NAME of NAME-train-images-idx3-ubyte"),
    .init(
      "data", \.data, .text("a directory"), "DIR", in: .data,
      help: "where the files lie (default: ./data, then ~/.cache/emnist)"),
    .init(
      "train_images", \.trainImages, .text("a file"), "FILE", in: .data,
      help: "training images: IDX, .npy, or a table with labels, .csv"),
    .init(
      "train_labels", \.trainLabels, .text("a file"), "FILE", in: .data,
      help: "their labels"),
    .init(
      "test_images", \.testImages, .text("a file"), "FILE", in: .data,
      help: "test images"),
    .init(
      "test_labels", \.testLabels, .text("a file"), "FILE", in: .data,
      help: "their labels"),
    .init(
      "mapping", \.mapping, .text("a file"), "FILE", in: .data,
      help: "the characters or names that the labels stand for"),
    .init(
      "transpose", \.transpose, .truth, in: .data,
      help: "whether pictures are stored lying on their side, as EMNIST's are"),
    .init(
      "label_column", \.labelColumn, .text("a column"), "NAME", in: .data,
      help: "the labels' column of a table, by its name or number"),
    .init(
      "image_size", \.imageSize, .imageSize, "HxW", in: .data,
      help:
        "size of images in rows of numbers; size that pictures in folders are brought to (28x28)"),
    .init(
      "limit", \.limit, .wholeNumber(atLeast: 1, atMost: Int(Int32.max)), "N", in: .data,
      help: "use a stratified, seeded sample of N images"),
    .init(
      "limit_test", \.limitTest, .wholeNumber(atLeast: 1, atMost: Int(Int32.max)), "N",
      in: .data,
      help: "test on a stratified, seeded sample of N images"),
    .init(
      "test_split", \.testSplit, .openShare, "SHARE", in: .data,
      help: "share of the training images to test on, where there is no test part"),
    .init(
      "val_split", \.validationSplit, .validationSplit, "SHARE", in: .data,
      help: "share of the training images held back for validation, or 'reserved' for "
        + "EMNIST's own part"),
  ]

  /// What is trained.
  public static let model: [ConfigurationOption] =
    [
      .init(
        "model", \.model, .model, "NAME", in: .model,
        help: "the FILE.json of a model, or a preset")
    ] + shapingPresets + [
      .init(
        "init", \.initializer, .choice(of: "initializer"), "NAME", in: .model,
        help: "distribution of the first weights"),
      .init(
        "init_from", \.initFrom, .text("a file"), "FILE", in: .model,
        help: "first weights from a safetensors file"),
    ]

  /// How it is trained.
  public static let training: [ConfigurationOption] = [
    .init(
      "epochs", \.epochs, .wholeNumber(atLeast: 1), "N", in: .training,
      help: "passes over the training images"),
    .init(
      "batch_size", \.batchSize, .wholeNumber(in: 1...65_536), "N", in: .training,
      help: "images a step"),
    .init(
      "label_smoothing", \.labelSmoothing, .number(in: 0..<1), "X", in: .training,
      help: "share of the target spread over all classes"),
    .init(
      "patience", \.patience, .wholeNumber(atLeast: 0), "N", in: .training,
      help: "stop after N epochs that are no better by --monitor, with last by val_loss; 0: never"),
    .init(
      "monitor", \.monitor, .choice(of: "metric to monitor"), "NAME", in: .training,
      help: "which epoch is kept: the best on the validation images by one of these, or the last"),
    .init(
      "shuffle", \.shuffle, .truth, in: .training,
      help: "every epoch takes the images in the files' order"),
    .init(
      "max_time", \.maxTime, .seconds, "TIME", in: .training,
      help: "stop after TIME, such as 90s, 2m or 1h; with --folds and --repeats each training"),
    .init(
      "max_steps", \.maxSteps, .wholeNumber(atLeast: 1, atMost: 1_000_000_000_000), "N",
      in: .training,
      help: "stop after N steps, the learning rate falling as for all --epochs"),
  ]

  /// The optimizer and its numbers.
  public static let optimizer: [ConfigurationOption] =
    [
      .init(
        "optimizer", \.optimizer, .choice(of: "optimizer"), "NAME", in: .optimizer,
        help: "how weights follow gradients")
    ] + settings(of: OptimizerDescriptor.self, in: .optimizer)

  /// The learning rate's schedule and its numbers.
  public static let schedule: [ConfigurationOption] =
    [
      .init(
        "scheduler", \.scheduler, .choice(of: "scheduler"), "NAME", in: .schedule,
        help: "how the learning rate falls")
    ] + settings(of: ScheduleDescriptor.self, in: .schedule)

  /// Where and with what it runs.
  public static let run: [ConfigurationOption] = [
    .init(
      "seed", \.seed, .seed, "N", in: .run,
      help: "of every random number; the same seed gives the same run"),
    .init(
      "split_seed", \.splitSeed, .seed, "N", in: .run,
      help: "of the draws that choose images: limits, validation part, folds (default: --seed)"),
    .init(
      "threads", \.threads, .wholeNumber(in: 1...256), "N", in: .run,
      help: "threads, for speed only: the result is the same (default: one a processor)"),
    .init(
      "convolution", \.convolution, .choice(of: "way to compute convolutions"), "NAME", in: .run,
      help: "how 3 x 3 convolutions are computed: by Winograd's algorithm where it pays, or direct "
        + "(slower, smaller rounding errors)"),
    .init(
      "out", \.out, .text("a directory"), "DIR", in: .run,
      help: "the run directory (default: runs/MODEL-DATASET-1, -2, …)"),
    .init(
      "name", \.name, .directoryName, "NAME", in: .run,
      help: "the run directory's name, for runs/NAME"),
    .init(
      "force", \.force, .truth, in: .run,
      help: "overwrite a run directory that exists"),
    .init(
      "log_steps", \.logSteps, .truth, in: .run,
      help: "write learning rate and loss of every step to steps.csv in the run directory"),
    .init(
      "fast_dev_run", \.fastDevRun, .truth, in: .run,
      help: "one batch of each kind, to see that everything works"),
  ]
}
