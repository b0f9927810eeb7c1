"""The layers of the course, one family per file."""

from dlcourse.nn.layers.activation import ELU, Activation, LeakyReLU
from dlcourse.nn.layers.attention import MultiHeadAttention
from dlcourse.nn.layers.bidirectional import Bidirectional
from dlcourse.nn.layers.branches import Branches
from dlcourse.nn.layers.convolution import Conv2D
from dlcourse.nn.layers.dense import Dense
from dlcourse.nn.layers.dropout import Dropout
from dlcourse.nn.layers.embedding import Embedding
from dlcourse.nn.layers.graph import GraphConvolution, normalised_adjacency
from dlcourse.nn.layers.gru import GRU
from dlcourse.nn.layers.lecun import PartialConv2D, ScaledTanh, Subsampling2D
from dlcourse.nn.layers.lstm import LSTM
from dlcourse.nn.layers.masking import Masking
from dlcourse.nn.layers.normalization import BatchNormalization, LayerNormalization
from dlcourse.nn.layers.pooling import (
    AveragePooling2D,
    GlobalAveragePooling2D,
    MaxPooling2D,
    MinPooling2D,
)
from dlcourse.nn.layers.position import PositionEmbedding, SinePositionEncoding
from dlcourse.nn.layers.rbf import RBF
from dlcourse.nn.layers.reshaping import Flatten, Reshape
from dlcourse.nn.layers.residual import Residual
from dlcourse.nn.layers.simple_rnn import SimpleRNN

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RBF",
    "Activation",
    "AveragePooling2D",
    "BatchNormalization",
    "Bidirectional",
    "Branches",
    "Conv2D",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "GlobalAveragePooling2D",
    "GraphConvolution",
    "LayerNormalization",
    "LeakyReLU",
    "Masking",
    "MaxPooling2D",
    "MinPooling2D",
    "MultiHeadAttention",
    "PartialConv2D",
    "PositionEmbedding",
    "Reshape",
    "Residual",
    "ScaledTanh",
    "SimpleRNN",
    "SinePositionEncoding",
    "Subsampling2D",
    "normalised_adjacency",
]
