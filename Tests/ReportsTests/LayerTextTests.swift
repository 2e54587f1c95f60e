import Configuration
import NN
import Reports
import Tensor
import Testing

@Suite struct LayerTextTests {
  /// 4 filters of 3 x 3 on one channel: 36 weights, used at 8 x 8 places; 4 scales and 4 shifts;
  /// 64 x 3 weights and 3 biases.
  private var model: ModelSummary {
    get throws {
      try ModelSummary(
        ModelDescription(
          name: "small",
          layers: [
            Conv2D(4, kernelSize: 3, padding: 1, bias: false), BatchNorm(), Activation(.relu),
            MaxPool(2), Flatten(), Dropout(0.25), Dense(.classes),
          ]),
        inputShape: [8, 8, 1], classes: 3)
    }
  }

  @Test func layersWithinOthersAreIndented() throws {
    let model = try ModelSummary(
      ModelDescription(
        name: "nested",
        layers: [
          Residual(
            [Concatenate([Conv2D(2, kernelSize: 1)]), Conv2D(4, kernelSize: 1)],
            shortcut: [Conv2D(4, kernelSize: 1, bias: false)], dropPath: 0.1),
          GlobalAvgPool(), Dense(.classes),
        ]),
      inputShape: [8, 8, 1], classes: 3)
    #expect(
      LayerText.text(model, batch: 128, trainingBytes: 1_234_567, for: .ascii) == """
        nested for 3 classes

        layer             type             output     parameters  multiply-adds
        ----------------  ---------------  ---------  ----------  -------------
        input                              8 x 8 x 1
        res1              residual 0.1     8 x 8 x 4          24          1,152
          concat1         concatenate      8 x 8 x 3           4            128
            conv1         conv2d 1 x 1     8 x 8 x 2           4            128
          conv1           conv2d 1 x 1     8 x 8 x 4          16            768
          shortcut.conv1  conv2d 1 x 1     8 x 8 x 4           4            256
        pool1             global_avg_pool  4
        fc1               dense            3                  15             12
        ----------------  ---------------  ---------  ----------  -------------
        total                                                 39          1,164

        39 parameters, 4 bytes each: 156 B
        training in batches of 128 takes about 1.2 MiB beside the images

        """)
  }

  @Test func everyLayerHasItsShapeAndCost() throws {
    #expect(
      LayerText.text(try model, batch: 64, trainingBytes: 234_567, for: .ascii) == """
        small for 3 classes

        layer     type             output     parameters  multiply-adds
        --------  ---------------  ---------  ----------  -------------
        input                      8 x 8 x 1
        conv1     conv2d 3 x 3     8 x 8 x 4          36          2,304
        bn1       batch_norm       8 x 8 x 4           8
        act1      activation relu  8 x 8 x 4
        pool1     max_pool 2 x 2   4 x 4 x 4
        flatten1  flatten          64
        dropout1  dropout 0.25     64
        fc1       dense            3                 195            192
        --------  ---------------  ---------  ----------  -------------
        total                                        239          2,496

        239 parameters and 8 running statistics, 4 bytes each: 988 B
        training in batches of 64 takes about 229.1 KiB beside the images

        """)
  }

  @Test func extentsAreMultipliedWithARealSignWhereThereIsOne() throws {
    let text = LayerText.text(try model, batch: 128, trainingBytes: 0, for: .plain)
    #expect(text.contains("conv2d 3 × 3     8 × 8 × 4 "))
    #expect(!text.contains(" x "))
  }

  @Test func aModelIsALineOfTheList() throws {
    #expect(
      ModelTable.text([try model], abstracts: ["a small one"], for: .ascii) == """
        model  parameters  multiply-adds  what it is
        -----  ----------  -------------  -----------
        small         239          2,496  a small one

        """)
  }
}
