import Datasets
import NN
import Support

// What other programs call options and what can be chosen for them. Names are compared by their
// letters and digits alone: `Batch-Size`, `batchSize` and `batch_size` are one.

extension ConfigurationOption {
  /// The option that others call by this name: `learning_rate`, `batchSize`, `Dropout`.
  public static func called(_ name: String) -> ConfigurationOption? {
    let folded = letters(of: name)
    return all.first { letters(of: $0.name) == folded } ?? otherNames[folded].map(known)
  }

  /// The name of the option that was meant by a name that there is not.
  public static func nearest(to name: String) -> String? {
    called(name)?.name
      ?? nearestName(to: name.lowercased().replacing("-", with: "_"), in: all.map(\.name))
  }

  /// What was given in the words of this program, if it names a choice in those of another.
  func translated(_ given: GivenValue) -> GivenValue {
    guard !choices.isEmpty, let word = given.word, !choices.contains(word) else { return given }
    let folded = letters(of: word)
    let choice =
      choices.first { letters(of: $0) == folded } ?? Self.otherChoices[name]?[folded]
      ?? Self.composedChoice(of: name, called: word)?.name
    return choice.map { given.saying($0) } ?? given
  }

  /// A choice that others have a name for and that is here one with some of its numbers.
  struct ComposedChoice {
    let name: String
    /// Options by name, where nobody gave them.
    let members: JSONObject
  }

  /// The choice that others call by a name, and what belongs to it.
  static func composedChoice(of option: String, called word: String) -> ComposedChoice? {
    composedChoices[option]?[letters(of: word)]
  }
}

/// A name without what separates its words.
private func letters(of name: String) -> String {
  name.lowercased().filter { $0.isLetter || $0.isNumber }
}

extension GivenValue {
  /// A text, as a word of a command line or in JSON.
  var word: String? {
    switch self {
    case .text(let text), .json(.string(let text)): text
    case .json: nil
    }
  }

  fileprivate func saying(_ word: String) -> GivenValue {
    if case .text = self { .text(word) } else { .json(.string(word)) }
  }
}

extension ConfigurationOption {
  /// Names of each option in other programs, by their letters.
  private static let otherNames: [String: String] = table([
    "lr": [
      "learningrate", "learnrate", "initiallr", "initlr", "baselr", "maxlr", "lr0", "rate", "eta",
      "initiallearningrate", "baselearningrate", "stepsizelr",
    ],
    "batch_size": [
      "bs", "batch", "batchsz", "minibatch", "minibatchsize", "batches", "sizeofbatch",
      "trainbatchsize", "batchsizetrain", "trainingbatchsize", "perdevicetrainbatchsize",
    ],
    "epochs": [
      "epoch", "nbepochs", "numepochs", "numepoch", "nepochs", "nepoch", "noofepochs",
      "numberofepochs",
      "maxepochs", "maxepoch", "trainepochs", "numtrainepochs", "trainingepochs", "totalepochs",
    ],
    "dropout": [
      "dropoutrate", "dropoutprob", "dropoutprobability", "dropoutp", "dropoutratio", "dropoutpct",
      "pdropout", "dropoutpvalue", "dropprob", "droprate", "drop", "drp",
    ],
    "optimizer": [
      "optim", "opt", "optimizertype", "optimizername", "optimizerclass", "optimname", "optimiser",
      "optimizationmethod", "optimizationalgorithm",
    ],
    "scheduler": [
      "lrscheduler", "lrschedule", "schedule", "schedulertype", "schedulername", "lrschedulertype",
      "lrschedulername", "lrsched", "sched", "learningratescheduler", "learningrateschedule",
    ],
    "loss": ["lossfunction", "lossfn", "lossfunc", "lossname", "losstype", "criterion"],
    "activation": [
      "activationfunction", "activationfn", "activationfunc", "activationname", "activationtype",
      "actfn", "actfunc", "act", "actf", "nonlinearity", "hiddenactivation", "activationfunctions",
      "activations", "hiddenactivations",
    ],
    "init": [
      "initializer", "weightinit", "weightinitialization", "weightinitializer", "weightsinit",
      "weightinitmethod", "initialization", "initialisation", "initmethod", "inittype",
      "kernelinitializer", "weightinitialisation", "initmode", "initializationmethod",
      "initstrategy", "initscheme",
    ],
    "model": [
      "architecture", "arch", "network", "modelname", "modeltype", "modelarch",
      "modelarchitecture", "net", "nettype", "networktype",
    ],
    "dataset": ["datasetname", "datasettype"],
    "hidden": [
      "units", "hiddenunits", "hiddensize", "hiddensizes", "hiddenlayersize", "hiddenlayersizes",
      "sizeofhiddenlayer", "sizeofhiddenlayers", "sizeofeveryhiddenlayer", "hiddendim",
      "hiddendims", "hiddenlayerdim", "hiddenwidth", "fclayersize", "fcsize", "fcunits", "nhidden",
      "numhidden", "numhiddenunits", "nhiddenunits", "hiddennodes", "hiddenneurons", "neurons",
      "numneurons", "nneurons", "numunits", "nunits", "denseunits", "denselayersize", "densesize",
      "densenodes", "layersize", "layersizes", "layerwidth", "hiddenlayerunits", "hiddenlayernodes",
      "hiddenlayerneurons", "neuronsperlayer", "numnodes",
    ],
    "filters": ["numfilters", "nfilters", "nooffilters", "numberoffilters", "channels", "filter"],
    "kernel_size": [
      "filtersize", "kernel", "kernelsizes", "ksize", "convkernelsize", "sizeoffilter",
    ],
    "weight_decay": ["wd", "l2penalty", "weightdecayrate", "decayweight", "optimizerweightdecay"],
    "l2": [
      "l2reg", "l2coeff", "l2strength", "l2regularization", "l2lambda", "l2regpara", "l2norm",
      "lambdal2", "regl2",
    ],
    "l1": ["l1reg", "l1regularization", "l1lambda", "l1penalty", "lambdal1"],
    "epsilon": ["eps", "adamepsilon", "adameps"],
    "momentum": ["mom", "sgdmomentum", "momentumterm"],
    "beta1": ["adambeta1"], "beta2": ["adambeta2"],
    "lr_decay": [
      "gamma", "lrgamma", "lrdecayfactor", "lrdecayrate", "decayfactor", "schedulergamma",
    ],
    "lr_period": ["stepsize", "lrstepsize", "lrstep", "schedulerstepsize"],
    "lr_min": ["minlr", "etamin", "minlearningrate", "finallr"],
    "warmup_epochs": ["warmup", "numwarmupepochs", "lrwarmupepochs", "warmupepoch"],
    "clip_norm": [
      "gradientclipval", "gradientclip", "gradientclipping", "gradclip", "gradclipnorm",
      "clipgradnorm", "clipgrad", "maxgradnorm", "gradclipping", "gradnormclip", "gradclipval",
      "maxnorm",
    ],
    "patience": ["earlystopping", "earlystoppingpatience", "espatience", "earlystop"],
    "label_smoothing": ["labelsmooth", "smoothing", "labelsmoothingfactor"],
    "val_split": [
      "validationsplit", "valsplitratio", "valratio", "validationratio", "valfraction",
      "validationfraction", "valsize", "validationsize", "valshare",
    ],
    "batch_norm": ["batchnormalization", "usebatchnorm", "usebn", "bn", "batchnormalisation"],
    "seed": ["randomseed", "rngseed", "randomstate"],
    "accumulate": [
      "accumulategradbatches", "gradaccumulation", "gradientaccumulationsteps", "gradaccumsteps",
      "accumulationsteps",
    ],
  ])

  /// Names of the choices of an option in other programs: PyTorch, Keras, and what people write.
  private static let otherChoices: [String: [String: String]] = [
    "optimizer": table([
      "sgd": ["stochasticgradientdescent", "stochastic", "vanillasgd"],
      "nadam": ["nesterovadam"],
    ]),
    "scheduler": table([
      "constant": ["none", "no", "off", "fixed", "constantlr"],
      "step": ["steplr", "stepdecay"],
      "multi_step": ["multisteplr"],
      "exponential": ["exponentiallr", "exponentialdecay", "exp", "explr"],
      "inverse_time": ["inversetimedecay"],
      "polynomial": ["poly", "polynomiallr", "polynomialdecay", "linear", "lineardecay"],
      "cosine": ["cosineannealing", "cosineannealinglr", "cosinedecay", "cosinelr"],
      "one_cycle": ["onecyclelr", "1cycle"],
      "plateau": ["reducelronplateau", "reduceonplateau", "reducelr", "lronplateau"],
    ]),
    "loss": table([
      "cross_entropy": [
        "ce", "xent", "crossentropyloss", "celoss", "categoricalcrossentropy",
        "sparsecategoricalcrossentropy", "softmaxcrossentropy", "nll", "nllloss",
        "negativeloglikelihood",
      ],
      "focal": ["focalloss"],
      "mse": ["meansquarederror", "mseloss", "squarederror", "meansquarederrorloss", "meansquare"],
    ]),
    "activation": table([
      "silu": ["swish"], "sigmoid": ["logistic"], "leaky_relu": ["lrelu"],
    ]),
    "init": table([
      "he": ["henormal", "kaiming", "kaimingnormal"],
      "he_uniform": ["kaiminguniform"],
      "glorot": ["glorotuniform", "xavier", "xavieruniform"],
      "glorot_normal": ["xaviernormal"],
      "lecun": ["lecunnormal"],
    ]),
    "model": table([
      "lenet5": ["lenet"], "mlp": ["multilayerperceptron"], "vit": ["visiontransformer"],
      "cnn": ["convnet", "convolutionalnetwork", "convolutionalneuralnetwork"],
    ]),
    "monitor": table([
      "val_loss": ["validationloss", "validloss", "evalloss"],
      "val_accuracy": [
        "valacc", "validationaccuracy", "validationacc", "validaccuracy", "validacc",
        "evalaccuracy", "evalacc", "valtop1", "valcategoricalaccuracy",
        "valsparsecategoricalaccuracy",
      ],
      "last": ["lastepoch", "latest", "final", "finalepoch", "none"],
    ]),
    "norm": table(["batch": ["batchnorm", "bn"], "group": ["groupnorm", "gn"]]),
  ]

  /// Optimizers with a name of their own elsewhere.
  private static let composedChoices: [String: [String: ComposedChoice]] = {
    let momentum = ComposedChoice(name: "sgd", members: ["momentum": 0.9])
    let nesterov = ComposedChoice(name: "sgd", members: ["momentum": 0.9, "nesterov": true])
    let momentumNames = [
      "momentum", "sgdm", "sgdmomentum", "sgdwithmomentum", "momentumsgd", "momentumgd", "mgd",
    ]
    let nesterovNames = [
      "nag", "nesterov", "sgdnesterov", "nesterovsgd", "nesterovmomentum", "sgdwithnesterov",
      "nesterovacceleratedgradient", "nagd",
    ]
    return [
      "optimizer": Dictionary(
        uniqueKeysWithValues: momentumNames.map { ($0, momentum) }
          + nesterovNames.map { ($0, nesterov) })
    ]
  }()

  /// From the names that one thing has to the thing.
  private static func table(_ names: [String: [String]]) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: names.flatMap { own, others in others.map { ($0, own) } })
  }
}
