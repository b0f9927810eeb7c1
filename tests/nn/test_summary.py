"""The summary: shapes, numbers of parameters and receptive fields, in text and HTML."""

from dlcourse import nn


def lenet():
    layers = [
        *(nn.Conv2D(6, 5), nn.Activation("tanh"), nn.AveragePooling2D(2)),
        *(nn.Conv2D(16, 5), nn.Activation("tanh"), nn.AveragePooling2D(2)),
        *(nn.Flatten(), nn.Dense(120), nn.Dense(84), nn.Dense(10)),
    ]
    return nn.Sequential(layers, input_shape=(32, 32, 1))


def test_lenet_has_the_known_numbers():
    summary = lenet().summary()
    parameters = [row[2] for row in summary.rows]
    assert parameters == ["156", "0", "0", "2,416", "0", "0", "0", "48,120", "10,164", "850"]
    fields = [row[3] for row in summary.rows]
    assert fields[:6] == ["5 x 5", "5 x 5", "6 x 6", "14 x 14", "14 x 14", "16 x 16"]
    assert fields[6:] == [""] * 4
    assert summary.caption == "61,706 trainable parameters"


def test_two_and_three_windows_of_3_see_5_and_7_pixels():
    layers = [nn.Conv2D(1, 3), nn.Conv2D(1, 3), nn.Conv2D(1, 3)]
    summary = nn.Sequential(layers, input_shape=(9, 9, 1)).summary()
    assert [row[3] for row in summary.rows] == ["3 x 3", "5 x 5", "7 x 7"]


def test_dilation_and_unequal_windows_count():
    layers = [nn.Conv2D(1, (3, 1), dilation_rate=2), nn.MaxPooling2D((1, 2), strides=(2, 1))]
    summary = nn.Sequential(layers, input_shape=(9, 9, 1)).summary()
    assert [row[3] for row in summary.rows] == ["5 x 1", "5 x 2"]


def test_text_and_html_hold_the_same():
    summary = lenet().summary()
    text, html = repr(summary), summary._repr_html_()
    assert len(text.splitlines()) == 12
    assert text.startswith("layer ")
    assert html.count("<tr>") == 11
    for row in summary.rows:
        for cell in row:
            assert cell in text
    assert "Activation(&#x27;tanh&#x27;)" in html
    assert summary.caption in html


def test_no_column_of_fields_without_windows():
    summary = nn.Sequential([nn.Dense(2)], input_shape=(3,)).summary()
    assert summary.columns == ("layer", "output shape", "parameters")


def test_a_layer_that_holds_others_does_not_stretch_the_table():
    block = nn.Residual([nn.Dense(8), nn.Activation("relu"), nn.Dense(8), nn.Activation("relu")])
    model = nn.Sequential([nn.Dense(8), block], input_shape=(4,), seed=0)
    assert [row[0] for row in model.summary().rows] == ["Dense(8)", "Residual(...)"]
