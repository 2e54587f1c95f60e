import Support

extension ConfigurationOption {
  /// How training images are varied.
  public static let augmentation: [ConfigurationOption] = [
    .init(
      "augment", \.augmentation.policy, .choice(of: "augmentation"), "NAME", in: .augmentation,
      help: "vary training images, each anew in each epoch"),
    .init(
      "augment_shift", \.augmentation.shift, .number(in: 0...100), "PIXELS", in: .augmentation,
      help: "shift by up to PIXELS along each axis"),
    .init(
      "augment_rotate", \.augmentation.rotate, .number(in: 0...180), "DEGREES", in: .augmentation,
      help: "rotate by up to DEGREES to either side"),
    .init(
      "augment_scale", \.augmentation.scale, .number(in: 0..<1), "X", in: .augmentation,
      help: "scale by a factor from 1-X to 1+X"),
    .init(
      "augment_shear", \.augmentation.shear, .number(in: 0...2), "X", in: .augmentation,
      help: "slant by up to X pixels a row to either side"),
    .init(
      "augment_perspective", \.augmentation.perspective, .number(in: 0..<0.5), "X",
      in: .augmentation, help: "tilt so that an edge is up to X nearer than the middle"),
    .init(
      "augment_elastic", \.augmentation.elastic, .number(in: 0...1000), "ALPHA",
      in: .augmentation, help: "warp elastically, with a strength up to ALPHA"),
    .init(
      "augment_elastic_sigma", \.augmentation.elasticSigma, .number(in: 0.5...32), "PIXELS",
      in: .augmentation, help: "how smooth it is: the Gaussian's width (a policy's is 4)"),
    .init(
      "augment_thickness", \.augmentation.thickness, .number(in: 0...1), "X", in: .augmentation,
      help: "thicken or thin strokes, at 1 by up to a pixel to each side"),
    .init(
      "augment_noise", \.augmentation.noise, .number(in: 0...1), "X", in: .augmentation,
      help: "add Gaussian noise of a deviation up to X, where ink is 1"),
    .init(
      "augment_erase", \.augmentation.erase, .number(in: 0...1), "SHARE", in: .augmentation,
      help: "erase a rectangle of up to SHARE of the image"),
    .init(
      "augment_probability", \.augmentation.probability, .number(in: 0...1), "P",
      in: .augmentation, help: "probability of each of these for an image"),
    .init(
      "augment_until", \.augmentation.until, .number(in: 0...1), "SHARE", in: .augmentation,
      help: "vary images in this first SHARE of the epochs only"),
  ]
}
