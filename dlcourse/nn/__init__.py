"""Networks from scratch, in NumPy alone: every file is meant to be read.

Start with `contract`, which says what a layer is, then `layers/dense.py`, `sequential.py` and
`training.py`. Names, arguments and layouts are those of Keras, so that each result can be set
beside its Keras twin (`dlcourse.compare`).
"""

from dlcourse.nn import autodiff, precision
from dlcourse.nn.attention import (
    attend,
    attend_backward,
    causal_mask,
    sinusoidal_positions,
)
from dlcourse.nn.callbacks import (
    Callback,
    EarlyStopping,
    LearningRateScheduler,
    ReduceLROnPlateau,
)
from dlcourse.nn.detection import YOLOLoss
from dlcourse.nn.encoder_decoder import EncoderDecoder, teacher_forcing
from dlcourse.nn.gradcheck import gradient_errors, numerical_gradient
from dlcourse.nn.history import History
from dlcourse.nn.layers import (
    ELU,
    GRU,
    LSTM,
    RBF,
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Bidirectional,
    Branches,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling2D,
    GraphConvolution,
    LayerNormalization,
    LeakyReLU,
    Masking,
    MaxPooling2D,
    MinPooling2D,
    MultiHeadAttention,
    PartialConv2D,
    PositionEmbedding,
    Reshape,
    Residual,
    ScaledTanh,
    SimpleRNN,
    SinePositionEncoding,
    Subsampling2D,
    normalised_adjacency,
)
from dlcourse.nn.lenets import lecun_1989, lecun_1990, lenet_5
from dlcourse.nn.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    HalfSquaredError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from dlcourse.nn.memory import keep_freed_memory
from dlcourse.nn.mixture import MixtureLoss
from dlcourse.nn.optimizers import SGD, Adam, AdamW, RMSprop
from dlcourse.nn.perceptron import (
    McCullochPittsNeuron,
    Perceptron,
    PerceptronUpdate,
    novikoff_bound,
    perceptron_updates,
)
from dlcourse.nn.saving import load_model
from dlcourse.nn.schedules import CosineDecay, ExponentialDecay, PiecewiseConstantDecay
from dlcourse.nn.search import beam_search
from dlcourse.nn.sequential import Sequential
from dlcourse.nn.training import Model

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RBF",
    "SGD",
    "Activation",
    "Adam",
    "AdamW",
    "AveragePooling2D",
    "BatchNormalization",
    "Bidirectional",
    "BinaryCrossentropy",
    "Branches",
    "Callback",
    "CategoricalCrossentropy",
    "Conv2D",
    "CosineDecay",
    "Dense",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "EncoderDecoder",
    "ExponentialDecay",
    "Flatten",
    "GlobalAveragePooling2D",
    "GraphConvolution",
    "HalfSquaredError",
    "History",
    "LayerNormalization",
    "LeakyReLU",
    "LearningRateScheduler",
    "Masking",
    "MaxPooling2D",
    "McCullochPittsNeuron",
    "MeanSquaredError",
    "MinPooling2D",
    "MixtureLoss",
    "Model",
    "MultiHeadAttention",
    "PartialConv2D",
    "Perceptron",
    "PerceptronUpdate",
    "PiecewiseConstantDecay",
    "PositionEmbedding",
    "RMSprop",
    "ReduceLROnPlateau",
    "Reshape",
    "Residual",
    "ScaledTanh",
    "Sequential",
    "SimpleRNN",
    "SinePositionEncoding",
    "SparseCategoricalCrossentropy",
    "Subsampling2D",
    "YOLOLoss",
    "attend",
    "attend_backward",
    "autodiff",
    "beam_search",
    "causal_mask",
    "gradient_errors",
    "keep_freed_memory",
    "lecun_1989",
    "lecun_1990",
    "lenet_5",
    "load_model",
    "normalised_adjacency",
    "novikoff_bound",
    "numerical_gradient",
    "perceptron_updates",
    "precision",
    "sinusoidal_positions",
    "teacher_forcing",
]
