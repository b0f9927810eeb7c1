"""Answers as beginners write them: wrong ones with words of the sentence they need, right ones."""

# name: (function, code, words that the hint must contain)
WRONG = {
    "a list meets a tuple": (
        "broadcast_shape",
        """
def broadcast_shape(a, b):
    if len(a) < len(b):
        a = [1] * (len(b) - len(a)) + a
    elif len(b) < len(a):
        b = [1] * (len(a) - len(b)) + b
    shape = []
    for m, n in zip(a, b):
        if m != n and m != 1 and n != 1:
            return False
        shape.append(max(m, n))
    return shape
""",
        "a list meets a tuple",
    ),
    "the last pair decides": (
        "broadcast_shape",
        """
def broadcast_shape(a, b):
    a = [1] * (len(b) - len(a)) + list(a)
    b = [1] * (len(a) - len(b)) + list(b)
    shape = []
    ok = True
    for m, n in zip(a, b):
        ok = m == n or m == 1 or n == 1
        shape.append(max(m, n))
    return shape if ok else False
""",
        "one pair of lengths decides alone",
    ),
    "missing axes are zero": (
        "broadcast_shape",
        """
from itertools import zip_longest
def broadcast_shape(a, b):
    shape = []
    for m, n in zip_longest(a[::-1], b[::-1], fillvalue=0):
        if m != n and m != 1 and n != 1:
            return False
        shape.append(max(m, n))
    return shape[::-1]
""",
        "counts as 0 with you",
    ),
    "the label is row and column": (
        "one_hot",
        """
def one_hot(y, classes):
    rows = np.zeros((len(y), classes))
    for i in y:
        rows[i, i] = 1
    return rows
""",
        "as row and as column",
    ),
    "labels taken for rows": (
        "one_hot",
        """
def one_hot(y, classes):
    rows = np.zeros((len(y), classes))
    rows[y] = 1
    return rows
""",
        "takes the labels for rows",
    ),
    "batches are yielded": (
        "batches",
        """
def batches(n, size):
    for start in range(0, n, size):
        yield start, min(start + size, n)
""",
        "a generator: `yield`",
    ),
    "batches are slices": (
        "batches",
        """
def batches(n, size):
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]
""",
        "is a slice",
    ),
    "train is overwritten first": (
        "standardise",
        """
def standardise(train, test):
    def scale(x):
        std = train.std(axis=0)
        return (x - train.mean(axis=0)) / np.where(std == 0, 1, std)
    train = scale(train)
    test = scale(test)
    return train, test
""",
        "overwrite `train`",
    ),
    "the mean comes too late": (
        "standardise",
        """
def standardise(train, test):
    std = train.std(axis=0)
    std[std == 0] = 1
    train = (train - train.mean(axis=0)) / std
    test = (test - train.mean(axis=0)) / std
    return train, test
""",
        "before you take its mean",
    ),
    "zero where a feature is constant": (
        "standardise",
        """
def standardise(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0)
    safe = np.where(std == 0, 1, std)
    return (train - mean) / safe * (std != 0), (test - mean) / safe * (std != 0)
""",
        "keeps its difference",
    ),
    "a little in the root": (
        "standardise",
        """
def standardise(train, test):
    mean = train.mean(axis=0)
    std = np.sqrt(train.var(axis=0) + 1e-8)
    return (train - mean) / std, (test - mean) / std
""",
        "add a small number",
    ),
    "the shift in the wrong order": (
        "collapse",
        """
def collapse(w1, b1, w2, b2):
    return w1 @ w2, w2 @ b1 + b2
""",
        "b1 @ w2",
    ),
    "places for digits": (
        "most_alike",
        """
def most_alike(train_x, train_y, test_x):
    apart = ((test_x[:, np.newaxis] - train_x) ** 2).sum(axis=2)
    return apart.argmin(axis=1)
""",
        "`train_y[places]`",
    ),
    "the sum ends at what never happens": (
        "kl",
        """
def kl(p, q):
    bits = 0
    for a, b in zip(p, q):
        if a == 0:
            return bits
        if b == 0:
            return np.inf
        bits += a * np.log2(a / b)
    return bits
""",
        "go on with what comes after it",
    ),
    "a little is added to q": (
        "kl",
        """
def kl(p, q):
    p, q = p + 1e-12, q + 1e-12
    return np.sum(p * np.log2(p / q))
""",
        "Infinity is expected here",
    ),
    "the base stands in the brackets": (
        "entropy",
        """
def entropy(p, base=2):
    p = p[p > 0]
    return -np.sum(p * np.log(p, base))
""",
        "A logarithm takes no base",
    ),
    "rows and columns turned": (
        "cross_entropy",
        """
def cross_entropy(p, y):
    return -np.log(p[y, np.arange(len(y))]).mean()
""",
        "Rows come first",
    ),
    "all columns of all rows": (
        "softmax_ce_grad",
        """
def softmax_ce_grad(z, y):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[:, y] -= 1
    return p / len(y)
""",
        "takes all these columns",
    ),
    "what a letter adds is subtracted": (
        "ngram_entropy",
        """
def ngram_entropy(text, n):
    counts = {}
    for i in range(len(text) - n + 1):
        counts[text[i : i + n]] = counts.get(text[i : i + n], 0) + 1
    p = np.array(list(counts.values())) / sum(counts.values())
    bits = -np.sum(p * np.log2(p))
    return bits if n == 1 else bits - ngram_entropy(text, n - 1)
""",
        "Subtract the entropy of whole blocks",
    ),
    "the bits of whole numbers are turned": (
        "mp_neuron",
        """
def mp_neuron(x, inhibitory, threshold):
    if np.any(np.array(x) * inhibitory):
        return 0
    return int(np.dot(x, ~np.array(inhibitory)) >= threshold)
""",
        "0 becomes -1, and 1 becomes -2",
    ),
    "the step is twice as long": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    if y * (w @ x) <= 0:
        w = w + 2 * y * x
    return w
""",
        "without a factor",
    ),
    "all is asked down the columns": (
        "union_net",
        """
def union_net(x, pieces):
    answers = np.zeros(len(x))
    for piece in pieces:
        sums = x @ piece[:, :2].T + piece[:, 2]
        answers[np.all(sums >= 0, axis=0)] = 1.0
    return answers
""",
        "asks down the columns",
    ),
    "rows are added for columns": (
        "xor_net",
        """
def xor_net(x):
    total = x[0] + x[1]
    h1 = np.where(total - 0.5 >= 0, 1.0, 0.0)
    h2 = np.where(total - 1.5 >= 0, 1.0, 0.0)
    return np.column_stack([h1, h2]), np.where(h1 - h2 - 0.5 >= 0, 1.0, 0.0)
""",
        "`x[0]` is the first row",
    ),
    "the half is squared too": (
        "half_squared_error",
        """
def half_squared_error(t, o):
    return np.sum((0.5 * (t - o)) ** 2)
""",
        "square the half too",
    ),
    "the first input is left out": (
        "mp_neuron",
        """
def mp_neuron(x, inhibitory, threshold):
    total = 0
    for i in range(1, len(x)):
        if inhibitory[i] == 1 and x[i] == 1:
            return 0
        total += x[i]
    return int(total >= threshold)
""",
        "index 0 is left out",
    ),
    "the loop returns at once": (
        "mp_neuron",
        """
def mp_neuron(x, inhibitory, threshold):
    for i in range(len(x)):
        if x[i] == 1 and inhibitory[i] == 1:
            return 0
        else:
            return int(np.sum(x) >= threshold)
""",
        "You count all active inputs",
    ),
    "names joined by or": (
        "gate_weights",
        """
def gate_weights(name, n):
    w, b = np.ones(n), -0.5
    if name == "AND" or "NAND":
        b = 0.5 - n
    if name == "NAND" or name == "NOR":
        w, b = -w, -b
    return w, b
""",
        "in (",
    ),
    "weights in a float size": (
        "gate_weights",
        """
def gate_weights(name, n):
    threshold = n - 0.5 if name in ("AND", "NAND") else 0.5
    sign = -1 if name in ("NAND", "NOR") else 1
    return sign * np.ones(2 * n / 2), -sign * threshold
""",
        "divide with `//`",
    ),
    "brackets around the exponent are missing": (
        "neuron",
        """
def neuron(x, w, b):
    z = w @ x + b
    return 1 / 1 + np.exp(-z)
""",
        "Put brackets around",
    ),
    "a power by a hat": (
        "neuron",
        """
def neuron(x, w, b):
    z = w @ x + b
    return 1 / (1 + np.e ^ -z)
""",
        "`**`",
    ),
    "math on an array": (
        "neuron",
        """
import math
def neuron(x, w, b):
    return 1 / (1 + math.exp(-(w * x + b)))
""",
        "it got an array",
    ),
    "the step never returns": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    score = w @ x
    if y * score <= 0:
        w = w + y * x
""",
        "ends without `return`",
    ),
    "the new weights are lost": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    if y * (w @ x) <= 0:
        w + y * x
    return w
""",
        "the result is lost",
    ),
    "compares arrays": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    if y * w * x <= 0:
        return w + y * x
    return w
""",
        "is an array",
    ),
    "weights start anew in each epoch": (
        "perceptron_fit",
        """
def perceptron_fit(X, y, max_epochs):
    mistakes = 0
    for epoch in range(1, max_epochs + 1):
        w = np.zeros(X.shape[1])
        wrong = 0
        for i in range(len(X)):
            if y[i] * (w @ X[i]) <= 0:
                w = w + y[i] * X[i]
                wrong += 1
        mistakes += wrong
        if wrong == 0:
            break
    return w, mistakes, epoch
""",
        "weights back to zero",
    ),
    "max_epochs is not used": (
        "perceptron_fit",
        """
def perceptron_fit(X, y, max_epochs):
    w, mistakes, epochs = np.zeros(X.shape[1]), 0, 0
    while epochs < 1000:
        before = mistakes
        epochs += 1
        for row, label in zip(X, y):
            if label * (w @ row) <= 0:
                w, mistakes = w + label * row, mistakes + 1
        if mistakes == before:
            break
    return w, mistakes, epochs
""",
        "You never use `max_epochs`",
    ),
    "the label is an index": (
        "perceptron_fit",
        """
def perceptron_fit(X, y, max_epochs):
    w, mistakes, epochs = np.zeros(X.shape[1]), 0, 0
    for epochs in range(1, max_epochs + 1):
        wrong = 0
        for i in y:
            if y[i] * (w @ X[i]) <= 0:
                w = w + y[i] * X[i]
                wrong += 1
        mistakes += wrong
        if wrong == 0:
            break
    return w, mistakes, epochs
""",
        "`for i in range(len(y))`",
    ),
    "rows counted by a number": (
        "perceptron_fit",
        """
def perceptron_fit(X, y, max_epochs):
    w = np.zeros(X.shape[1])
    for i in len(X):
        w = w + y[i] * X[i]
    return w, 0, max_epochs
""",
        "`range(len(X))`",
    ),
    "classes multiply the columns": (
        "novikoff_bound",
        """
def novikoff_bound(X, y, w_star):
    R = max(np.linalg.norm(X, axis=1))
    gamma = min(y * X @ w_star) / np.linalg.norm(w_star)
    return (R / gamma) ** 2 if gamma > 0 else np.inf
""",
        "multiplies along the columns",
    ),
    "the length of the last sample": (
        "novikoff_bound",
        """
def novikoff_bound(X, y, w_star):
    R = 0
    for x in X:
        R = np.linalg.norm(x)
    gamma = (y * (X @ w_star)).min() / np.linalg.norm(w_star)
    return np.inf if gamma <= 0 else (R / gamma) ** 2
""",
        "Each round of the loop gives `R` a new value",
    ),
    "one answer for each sample": (
        "is_separable",
        """
def is_separable(X, y):
    w = np.zeros(X.shape[1])
    for epoch in range(200):
        for row, label in zip(X, y):
            if label * (w @ row) <= 0:
                w = w + label * row
    return y * (X @ w) > 0
""",
        "`.all()`",
    ),
    "softmax over everything": (
        "softmax",
        """
def softmax(z):
    powers = np.exp(z - np.max(z))
    return powers / np.sum(powers)
""",
        "over the whole batch",
    ),
    "softmax over columns": (
        "softmax",
        """
def softmax(z):
    powers = np.exp(z - z.max(axis=0))
    return powers / powers.sum(axis=0)
""",
        "Your columns add up to 1",
    ),
    "relu by max": (
        "mlp_forward",
        """
def mlp_forward(x, W1, b1, W2, b2):
    h = np.max(0, x @ W1 + b1)
    return h @ W2 + b2
""",
        "`np.maximum`",
    ),
    "relu along an axis": (
        "mlp_forward",
        """
def mlp_forward(x, W1, b1, W2, b2):
    h = np.max(x @ W1 + b1, 0)
    return h @ W2 + b2
""",
        "`np.maximum`",
    ),
    "the first bias is forgotten": (
        "mlp_forward",
        """
def mlp_forward(x, W1, b1, W2, b2):
    h = np.maximum(x @ W1, 0)
    return h @ W2 + b2
""",
        "You never use `b1`",
    ),
    "modes named in capitals": (
        "pool2d",
        """
def pool2d(image, size, stride, mode):
    rows = (image.shape[0] - size) // stride + 1
    columns = (image.shape[1] - size) // stride + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            window = image[i * stride : i * stride + size, j * stride : j * stride + size]
            if mode == "Max":
                out[i, j] = window.max()
            elif mode == "Average":
                out[i, j] = window.mean()
            elif mode == "Min":
                out[i, j] = window.min()
            else:
                return None
    return out
""",
        "capital and small letters",
    ),
    "whole numbers for averages": (
        "pool2d",
        """
def pool2d(image, size, stride, mode):
    rows = (image.shape[0] - size) // stride + 1
    columns = (image.shape[1] - size) // stride + 1
    out = np.zeros((rows, columns), dtype=int)
    for i in range(rows):
        for j in range(columns):
            window = image[i * stride : i * stride + size, j * stride : j * stride + size]
            if mode == "max":
                out[i, j] = window.max()
            elif mode == "average":
                out[i, j] = window.mean()
            else:
                out[i, j] = window.min()
    return out
""",
        "whole numbers",
    ),
    "a union that returns in its loop": (
        "union_net",
        """
def union_net(x, pieces):
    for piece in pieces:
        inside = np.all(x @ piece[:, :2].T + piece[:, 2] >= 0, axis=1)
        return inside.astype(float)
""",
        "`return`",
    ),
    "a union whose pieces overwrite each other": (
        "union_net",
        """
def union_net(x, pieces):
    for piece in pieces:
        inside = np.all(x @ piece[:, :2].T + piece[:, 2] >= 0, axis=1)
        answers = inside.astype(float)
    return answers
""",
        "the last piece only",
    ),
    "a union that counts": (
        "union_net",
        """
def union_net(x, pieces):
    total = np.zeros(len(x))
    for piece in pieces:
        total += np.all(x @ piece[:, :2].T + piece[:, 2] >= 0, axis=1)
    return total
""",
        "in how many pieces",
    ),
    "layers merged entry by entry": (
        "merge_layers",
        """
def merge_layers(W1, b1, W2, b2):
    return W1 * W2, b1 * W2 + b2
""",
        "here it is `b1 @ W2`",
    ),
    "layers merged in the wrong order": (
        "merge_layers",
        """
def merge_layers(W1, b1, W2, b2):
    return W2 @ W1, b1 @ W2 + b2
""",
        "W2 has shape",
    ),
    "the bias stays outside": (
        "forward_2_2_2",
        """
def forward_2_2_2(x, w, b):
    def s(z):
        return 1 / (1 + np.exp(-z))
    h = np.array([s(x[0] * w[0] + x[1] * w[1]) + b[0], s(x[0] * w[2] + x[1] * w[3]) + b[0]])
    o = np.array([s(h[0] * w[4] + h[1] * w[5]) + b[1], s(h[0] * w[6] + h[1] * w[7]) + b[1]])
    return h, o
""",
        "It belongs to the sum",
    ),
    "half of the last square only": (
        "half_squared_error",
        """
def half_squared_error(t, o):
    E = 0
    for i in range(len(t)):
        E = 0.5 * (t[i] - o[i]) ** 2
    return E
""",
        "`E += ...`",
    ),
    "the sum begins in the loop": (
        "half_squared_error",
        """
def half_squared_error(t, o):
    for i in range(len(t)):
        total = 0
        total += (t[i] - o[i]) ** 2
    return total / 2
""",
        "starts anew in every round",
    ),
    "the difference is not divided as a whole": (
        "numeric_grad",
        """
def numeric_grad(x, t, w, b, eps):
    def error(w):
        h = 1 / (1 + np.exp(-(np.array([x @ w[0:2], x @ w[2:4]]) + b[0])))
        o = 1 / (1 + np.exp(-(np.array([h @ w[4:6], h @ w[6:8]]) + b[1])))
        return 0.5 * np.sum((t - o) ** 2)
    grad = np.zeros(8)
    for i in range(8):
        step = np.zeros(8)
        step[i] = eps
        grad[i] = error(w + step) - error(w - step) / (2 * eps)
    return grad
""",
        "Only the last part",
    ),
    "half the difference, times eps": (
        "numeric_grad",
        """
def numeric_grad(x, t, w, b, eps):
    def error(w):
        h = 1 / (1 + np.exp(-(np.array([x @ w[0:2], x @ w[2:4]]) + b[0])))
        o = 1 / (1 + np.exp(-(np.array([h @ w[4:6], h @ w[6:8]]) + b[1])))
        return 0.5 * np.sum((t - o) ** 2)
    grad = np.zeros(8)
    for i in range(8):
        step = np.zeros(8)
        step[i] = eps
        grad[i] = (error(w + step) - error(w - step)) / 2 * eps
    return grad
""",
        "then multiplies by eps",
    ),
    "the step goes uphill": (
        "sgd_step",
        """
def sgd_step(w, grad, learning_rate):
    return w + learning_rate * grad
""",
        "uphill",
    ),
    "the step changes the caller's weights": (
        "sgd_step",
        """
def sgd_step(w, grad, learning_rate):
    new = w
    for i in range(len(w)):
        new[i] = new[i] - learning_rate * grad[i]
    return new
""",
        "makes no copy",
    ),
    "the order grows from call to call": (
        "topological_sort",
        """
def topological_sort(inputs, result, order=[]):
    for name in inputs[result]:
        if name not in order:
            topological_sort(inputs, name, order)
    if result not in order:
        order.append(result)
    return order
""",
        "is made once",
    ),
    "the order stands outside": (
        "topological_sort",
        """
order = []
def topological_sort(inputs, result):
    for name in inputs[result]:
        if name not in order:
            topological_sort(inputs, name)
    if result not in order:
        order.append(result)
    return order
""",
        "stands outside of your function",
    ),
    "a gradient is overwritten": (
        "reverse_mode",
        """
def reverse_mode(tape):
    grads = {}
    names = list(tape)
    grads[names[-1]] = 1.0
    for name in reversed(names):
        for source, slope in tape[name]:
            grads[source] += grads[name] * slope
    return grads
""",
        "Begin with a dict that holds 0.0",
    ),
    "the window is not summed": (
        "conv2d",
        """
def conv2d(image, kernel, stride, pad):
    image = np.pad(image, pad)
    k, l = kernel.shape
    out = np.zeros(((image.shape[0] - k) // stride + 1, (image.shape[1] - l) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = image[i * stride:i * stride + k, j * stride:j * stride + l] * kernel
    return out
""",
        "Is a sum missing",
    ),
    "padding is left out": (
        "conv2d",
        """
def conv2d(image, kernel, stride, pad):
    k, l = kernel.shape
    out = np.zeros(((image.shape[0] - k) // stride + 1, (image.shape[1] - l) // stride + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            window = image[i * stride:i * stride + k, j * stride:j * stride + l]
            out[i, j] = (window * kernel).sum()
    return out
""",
        "`pad`",
    ),
    "a size that is no whole number": (
        "conv2d",
        """
def conv2d(image, kernel, stride, pad):
    image = np.pad(image, pad)
    k, l = kernel.shape
    out = np.zeros(((image.shape[0] - k) / stride + 1, (image.shape[1] - l) / stride + 1))
    return out
""",
        "`//`",
    ),
    "columns joined in one row": (
        "im2col",
        """
def im2col(image, size, stride):
    columns = np.array([])
    for i in range(0, image.shape[0] - size + 1, stride):
        for j in range(0, image.shape[1] - size + 1, stride):
            columns = np.append(columns, image[i:i + size, j:j + size])
    return columns
""",
        "in one row",
    ),
    "the same state is kept": (
        "rnn_forward",
        """
def rnn_forward(x, h0, W, U, b):
    h = h0.copy()
    states = []
    for t in range(len(x)):
        h[:] = np.tanh(x[t] @ W + h @ U + b)
        states.append(h)
    return np.array(states)
""",
        "keeps the same array",
    ),
    "append gives None": (
        "rnn_forward",
        """
def rnn_forward(x, h0, W, U, b):
    states = []
    h = h0
    for row in x:
        h = np.tanh(row @ W + h @ U + b)
        states = states.append(h)
    return np.array(states)
""",
        "returns None",
    ),
    "sigmoid for tanh": (
        "rnn_forward",
        """
def rnn_forward(x, h0, W, U, b):
    states, h = [], h0
    for row in x:
        h = 1 / (1 + np.exp(-(row @ W + h @ U + b)))
        states.append(h)
    return np.array(states)
""",
        "from tanh",
    ),
    "the norm of each alone": (
        "clip_by_global_norm",
        """
def clip_by_global_norm(grads, limit):
    clipped = {}
    for name in grads:
        norm = np.sqrt(np.sum(grads[name] ** 2))
        clipped[name] = grads[name] * min(1, limit / norm)
    return clipped
""",
        "each array by its own norm",
    ),
    "a typing slip": (
        "spectral_radius",
        """
def spectral_radius(U):
    eigenvalues = np.linalg.eigvals(U)
    return max(abs(eigenvalue))
""",
        "Is it meant to be `eigenvalues`",
    ),
    "four gates, three names": (
        "lstm_step",
        """
def lstm_step(x, h, c, W, U, b):
    z = x @ W + h @ U + b
    i, f, o = np.split(z, 4)
    return h, c
""",
        "On the left stand 3 names",
    ),
    "every gate a tanh": (
        "lstm_step",
        """
def lstm_step(x, h, c, W, U, b):
    i, f, g, o = np.split(np.tanh(x @ W + h @ U + b), 4)
    c = f * c + i * g
    return o * np.tanh(c), c
""",
        "tanh for g only",
    ),
    "the belt in the wrong direction": (
        "belt_gradient",
        """
def belt_gradient(f):
    g = np.ones(len(f))
    for t in range(1, len(f)):
        g[t] = g[t - 1] * f[t - 1]
    return g
""",
        "go back",
    ),
    "marks by truth": (
        "adding_target",
        """
def adding_target(values, marks):
    total = 0
    for i in range(len(values)):
        if marks[i]:
            total += values[i]
    return 0.5 + total / 4
""",
        "only 1 counts",
    ),
    "the weights come before the biases": (
        "gradients",
        """
def gradients(x, y, params):
    w_1, b_1, w_2, b_2 = params
    a = 1 / (1 + np.exp(-(x @ w_1 + b_1)))
    o = 1 / (1 + np.exp(-(a @ w_2 + b_2)))
    d2 = (o - y) * o * (1 - o) / len(x)
    d1 = d2 @ w_2.T * a * (1 - a)
    return [x.T @ d1, a.T @ d2, d1.sum(axis=0), d2.sum(axis=0)]
""",
        "another order than in `params`",
    ),
    "an argument is a list of arrays of many shapes": (
        "gradients",
        """
def gradients(x, y, params):
    w_1, b_1, w_2, b_2 = params
    a = 1 / (1 + np.exp(-(x @ w_1 + b_1)))
    o = 1 / (1 + np.exp(-(a @ w_2 + b_2)))
    d2 = 2 * (o - y) * o * (1 - o) / len(x)
    d1 = d2 @ w_2.T * a * (1 - a)
    return [x.T @ d1, d1.sum(axis=0), a.T @ d2, d2.sum(axis=0)]
""",
        "Every number is 2 times what it should be",
    ),
    "a pair makes a third": (
        "tells_apart",
        """
def tells_apart(weights):
    w = list(weights)
    for i in range(len(w)):
        for j in range(i):
            if w[i] + w[j] in w or w[i] == w[j]:
                return False
    return True
""",
        "Compare the sums of all patterns",
    ),
    "an empty batch at the end": (
        "train_epoch",
        """
def train_epoch(x, y, params, steps, order, batch_size, eta, share):
    def gradients(x, y, params):
        w_1, b_1, w_2, b_2 = params
        a = 1 / (1 + np.exp(-(x @ w_1 + b_1)))
        o = 1 / (1 + np.exp(-(a @ w_2 + b_2)))
        d2 = (o - y) * o * (1 - o) / len(x)
        d1 = d2 @ w_2.T * a * (1 - a)
        return x.T @ d1, d1.sum(axis=0), a.T @ d2, d2.sum(axis=0)

    for k in range(len(order) // batch_size + 1):
        rows = order[k * batch_size : (k + 1) * batch_size]
        if len(rows):
            grads = gradients(x[rows], y[rows], params)
        else:
            grads = [0 * p for p in params]
        steps = [share * s - eta * g for s, g in zip(steps, grads)]
        params = [p + s for p, s in zip(params, steps)]
    return params, steps
""",
        "an empty one comes after them",
    ),
    "v is right and subtracted": (
        "momentum_step",
        """
def momentum_step(w, v, grad, learning_rate, momentum, nesterov):
    v = momentum * v - learning_rate * grad
    if nesterov:
        return w - momentum * v - learning_rate * grad, v
    return w - v, v
""",
        "add it",
    ),
    "momentum as PyTorch writes it": (
        "momentum_step",
        """
def momentum_step(w, v, grad, learning_rate, momentum, nesterov):
    v = momentum * v + grad
    if nesterov:
        return w - learning_rate * (grad + momentum * v), v
    return w - learning_rate * v, v
""",
        "PyTorch's form",
    ),
    "momentum as a mean of slopes": (
        "momentum_step",
        """
def momentum_step(w, v, grad, learning_rate, momentum, nesterov):
    v = momentum * v + (1 - momentum) * grad
    if nesterov:
        return w - learning_rate * (momentum * v + (1 - momentum) * grad), v
    return w - learning_rate * v, v
""",
        "a moving average of the slopes",
    ),
    "the velocity comes back as it came": (
        "momentum_step",
        """
def momentum_step(w, v, grad, learning_rate, momentum, nesterov):
    step = momentum * v - learning_rate * grad
    if nesterov:
        return w + momentum * step - learning_rate * grad, v
    return w + step, v
""",
        "return the velocity as it came in",
    ),
    "Nesterov's step on top of the plain one": (
        "momentum_step",
        """
def momentum_step(w, v, grad, learning_rate, momentum, nesterov):
    v = momentum * v - learning_rate * grad
    w = w + v
    if nesterov:
        w = w + momentum * v - learning_rate * grad
    return w, v
""",
        "Take his alone",
    ),
    "one kind of momentum returns nothing": (
        "momentum_step",
        """
def momentum_step(w, v, grad, learning_rate, momentum, nesterov):
    v = momentum * v - learning_rate * grad
    if nesterov:
        w = w + momentum * v - learning_rate * grad
    else:
        w = w + v
        return w, v
""",
        "every path through it ends with a `return`",
    ),
    "Adam as Keras writes it": (
        "adam_step",
        """
def adam_step(w, m, s, grad, t, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * grad
    s = beta_2 * s + (1 - beta_2) * grad**2
    rate = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - rate * m / (np.sqrt(s) + epsilon), m, s
""",
        "beside the root of s",
    ),
    "epsilon without brackets": (
        "adam_step",
        """
def adam_step(w, m, s, grad, t, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * grad
    s = beta_2 * s + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return w - learning_rate * m_hat / np.sqrt(s_hat) + epsilon, m, s
""",
        "epsilon is added to w",
    ),
    "Adam's squares not squared": (
        "adam_step",
        """
def adam_step(w, m, s, grad, t, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * grad
    s = beta_2 * s + (1 - beta_2) * grad
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    return w - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s
""",
        "s averages the slope",
    ),
    "Adam counts from 0": (
        "adam_step",
        """
def adam_step(w, m, s, grad, t, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * grad
    s = beta_2 * s + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1**(t - 1))
    s_hat = s / (1 - beta_2**(t - 1))
    return w - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s
""",
        "divides by 0 in the first step",
    ),
    "Adam corrects too early": (
        "adam_step",
        """
def adam_step(w, m, s, grad, t, learning_rate, beta_1, beta_2, epsilon):
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    m = beta_1 * m + (1 - beta_1) * grad
    s = beta_2 * s + (1 - beta_2) * grad**2
    return w - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s
""",
        "before this step's slope is in them",
    ),
    "a power of the difference": (
        "adam_step",
        """
def adam_step(w, m, s, grad, t, learning_rate, beta_1, beta_2, epsilon):
    m = beta_1 * m + (1 - beta_1) * grad
    s = beta_2 * s + (1 - beta_2) * grad**2
    m_hat = m / (1 - beta_1)**t
    s_hat = s / (1 - beta_2)**t
    return w - learning_rate * m_hat / (np.sqrt(s_hat) + epsilon), m, s
""",
        "Only beta gets it",
    ),
    "the cosine is a step ahead": (
        "cosine_decay",
        """
def cosine_decay(step, steps, learning_rate):
    share = min(step + 1, steps) / steps
    return learning_rate * (1 + np.cos(np.pi * share)) / 2
""",
        "one step ahead",
    ),
    "the cosine without brackets": (
        "cosine_decay",
        """
def cosine_decay(step, steps, learning_rate):
    share = min(step, steps) / steps
    return learning_rate * 1 + np.cos(np.pi * share) / 2
""",
        "Brackets are missing",
    ),
    "the rate starts again": (
        "cosine_decay",
        """
def cosine_decay(step, steps, learning_rate):
    share = (step % steps) / steps
    return learning_rate * (1 + np.cos(np.pi * share)) / 2
""",
        "starts again after the last step",
    ),
    "no rate beyond the end": (
        "cosine_decay",
        """
def cosine_decay(step, steps, learning_rate):
    if step < steps:
        return learning_rate * (1 + np.cos(np.pi * step / steps)) / 2
""",
        "every path through it ends with a `return`",
    ),
    "a fall by the rate": (
        "lr_range_test",
        """
def lr_range_test(rates, losses):
    low = np.argmin(losses)
    if low == 0:
        return rates[0]
    slopes = np.diff(losses[:low + 1]) / np.diff(rates[:low + 1])
    return rates[np.argmin(slopes) + 1]
""",
        "how much the rate grew",
    ),
    "the last of equal falls": (
        "lr_range_test",
        """
def lr_range_test(rates, losses):
    low = int(np.argmin(losses))
    best, where = 0, 0
    for i in range(1, low + 1):
        fall = losses[i - 1] - losses[i]
        if fall >= best:
            best, where = fall, i
    return rates[where]
""",
        "Take the first",
    ),
    "the search ends at a rise": (
        "lr_range_test",
        """
def lr_range_test(rates, losses):
    best, where = 0, 0
    for i in range(1, len(losses)):
        fall = losses[i - 1] - losses[i]
        if fall < 0:
            break
        if fall > best:
            best, where = fall, i
    return rates[where]
""",
        "You stop at the first rise",
    ),
    "the first loss is the lowest": (
        "lr_range_test",
        """
def lr_range_test(rates, losses):
    low = np.argmin(losses)
    falls = losses[:low] - losses[1:low + 1]
    return rates[np.argmax(falls) + 1]
""",
        "there are no entries",
    ),
    "weights in a column": (
        "cross_ravine",
        """
def cross_ravine(x, y):
    w = np.zeros((8, 1))
    t = y.reshape(-1, 1)
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ w))
        h = (x * p * (1 - p)).T @ x
        w = w - np.linalg.solve(h, x.T @ (p - t))
    return w
""",
        "an axis of length 1 too many",
    ),
    "up the ravine": (
        "cross_ravine",
        """
def cross_ravine(x, y):
    w = np.zeros(8)
    for _ in range(500):
        y_hat = 1 / (1 + np.exp(-x @ w))
        w = w - x.T @ (y - y_hat) / len(x)
    return w
""",
        "you walk uphill",
    ),
    "a sum for a mean in the ravine": (
        "cross_ravine",
        """
def cross_ravine(x, y):
    w = np.zeros(8)
    for _ in range(500):
        y_hat = 1 / (1 + np.exp(-x @ w))
        w = w - x.T @ (y_hat - y)
    return w
""",
        "thrown from wall to wall",
    ),
    "one formula for every convolution": (
        "count_params",
        """
def count_params(spec):
    n = 0
    for l in spec:
        if l[0] == "conv":
            kind, k, cin, cout, g, b = l
            n += (k*k*cin + 1) * cout
        if l[0] == "dense":
            n += (l[1] + 1) * l[2]
        if l[0] == "norm":
            n += 2 * l[1]
    return n
""",
        "holds for one group",
    ),
    "the bias is divided by the groups": (
        "count_params",
        """
def count_params(spec):
    n = 0
    for l in spec:
        if l[0] == "conv":
            kind, k, cin, cout, g, b = l
            n += (k*k*cin + int(b)) * cout // g
        elif l[0] == "dense":
            n += (l[1] + 1) * l[2]
        else:
            n += 2 * l[1]
    return n
""",
        "divide the biases by the groups",
    ),
    "True is one bias": (
        "count_params",
        """
def count_params(spec):
    n = 0
    for l in spec:
        if l[0] == "conv":
            kind, k, cin, cout, g, b = l
            n += k*k*cin//g * cout + b
        elif l[0] == "dense":
            n += (l[1] + 1) * l[2]
        else:
            n += 2 * l[1]
    return n
""",
        "one bias for a whole convolution",
    ),
    "groups divide in and out": (
        "count_params",
        """
def count_params(spec):
    total = 0
    for layer in spec:
        if layer[0] == "conv":
            _, s, ci, co, g, b = layer
            w = s * s * (ci / g) * (co / g)
            total += w
            if b: total += co
        elif layer[0] == "dense":
            total += layer[1] * layer[2] + layer[2]
        else:
            total += 2 * layer[1]
    return int(total)
""",
        "divide by the groups twice",
    ),
    "each layer begins anew": (
        "count_params",
        """
def count_params(spec):
    total = 0
    for layer in spec:
        if "conv" in layer:
            total = layer[1] * layer[1] * layer[2] / layer[4] * layer[3]
            if layer[5] == True: total += layer[3]
        if "dense" in layer:
            total = layer[1] * layer[2] + layer[2]
        if "norm" in layer:
            total = 2 * layer[1]
    return total
""",
        "last layer alone",
    ),
    "the area is clamped, not the sides": (
        "iou",
        """
def iou(a, b):
    xa, ya = max(a[0], b[0]), max(a[1], b[1])
    xb, yb = min(a[2], b[2]), min(a[3], b[3])
    inter = max(0, (xb - xa) * (yb - ya))
    union = (a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - inter
    return inter / union
""",
        "both negative",
    ),
    "one pixel more on each side": (
        "iou",
        """
def iou(boxA, boxB):
    xA = max(boxA[0], boxB[0])
    yA = max(boxA[1], boxB[1])
    xB = min(boxA[2], boxB[2])
    yB = min(boxA[3], boxB[3])
    interArea = max(0, xB - xA + 1) * max(0, yB - yA + 1)
    boxAArea = (boxA[2] - boxA[0] + 1) * (boxA[3] - boxA[1] + 1)
    boxBArea = (boxB[2] - boxB[0] + 1) * (boxB[3] - boxB[1] + 1)
    return interArea / float(boxAArea + boxBArea - interArea)
""",
        "You add 1 to widths",
    ),
    "apart is looked at from the side": (
        "iou",
        """
def iou(a, b):
    if a[2] < b[0] or b[2] < a[0]:
        return 0
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)
""",
        "one above the other",
    ),
    "the first box comes first": (
        "iou",
        """
def iou(a, b):
    w = max(0, a[2] - b[0])
    h = max(0, a[3] - b[1])
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)
""",
        "begins and ends before the second",
    ),
    "a corner must lie inside": (
        "iou",
        """
def iou(a, b):
    if a[0] <= b[0] <= a[2] and a[1] <= b[1] <= a[3]:
        w = min(a[2], b[2]) - b[0]
        h = min(a[3], b[3]) - b[1]
        i = w * h
    else:
        i = 0
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)
""",
        "upper left corner of the second",
    ),
    "pixels in sets": (
        "iou",
        """
def iou(a, b):
    def cells(q):
        return {(x, y) for x in range(int(q[0]), int(q[2])) for y in range(int(q[1]), int(q[3]))}
    A, B = cells(a), cells(b)
    return len(A & B) / len(A | B) if A | B else 0.0
""",
        "count whole pixels",
    ),
    "a box without brackets": (
        "iou",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    area_a = a[2]-a[0]*a[3]-a[1]
    area_b = b[2]-b[0]*b[3]-b[1]
    return i / (area_a + area_b - i)
""",
        "need brackets before they are multiplied",
    ),
    "all boxes against all": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)


def nms(boxes, scores, threshold):
    kept = []
    for i in range(len(boxes)):
        ok = True
        for j in range(len(boxes)):
            if i != j and iou(boxes[i], boxes[j]) > threshold and scores[j] > scores[i]:
                ok = False
        if ok:
            kept.append(i)
    return kept
""",
        "compare all boxes with all",
    ),
    "the last comparison decides": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)


def nms(boxes, scores, threshold):
    kept = []
    for i in np.argsort(-scores):
        ok = True
        for j in kept:
            ok = iou(boxes[i], boxes[j]) <= threshold
        if ok:
            kept.append(i)
    return kept
""",
        "the box kept last",
    ),
    "places removed from the list that is read": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)


def nms(boxes, scores, threshold):
    order = np.argsort(-scores).tolist()
    for i in order:
        for j in order:
            if i != j and iou(boxes[i], boxes[j]) > threshold:
                order.remove(j)
    return order
""",
        "while a loop walks",
    ),
    "places among the sorted boxes": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)


def nms(boxes, scores, threshold):
    order = np.argsort(-scores)
    boxes = boxes[order]
    kept = []
    for i in range(len(boxes)):
        if all(iou(boxes[i], boxes[j]) <= threshold for j in kept):
            kept.append(i)
    return kept
""",
        "count in the sorted list",
    ),
    "the first overlap ends it": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)


def nms(boxes, scores, threshold):
    kept = []
    for i in np.argsort(-scores):
        if any(iou(boxes[i], boxes[j]) > threshold for j in kept):
            break
        kept.append(int(i))
    return kept
""",
        "stop at the first box",
    ),
    "a taken cell ends it": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    s = size / cells
    for b, c in zip(boxes, classes):
        cx = (b[0] + b[2]) / 2
        cy = (b[1] + b[3]) / 2
        i = int(cy // s)
        j = int(cx // s)
        if t[i, j, 0] == 1:
            break
        t[i, j] = [1, cx / s - j, cy / s - i, (b[2] - b[0]) / size, (b[3] - b[1]) / size, c]
    return t
""",
        "stop when a cell is taken",
    ),
    "the centre in the image": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    s = size / cells
    for b, c in zip(boxes, classes):
        cx = (b[0] + b[2]) / 2
        cy = (b[1] + b[3]) / 2
        i = int(cy // s)
        j = int(cx // s)
        if t[i, j, 0] == 1:
            continue
        t[i, j] = [1, cx / size, cy / size, (b[2] - b[0]) / size, (b[3] - b[1]) / size, c]
    return t
""",
        "place of the centre in the image",
    ),
    "the rest in pixels": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    s = size / cells
    for b, c in zip(boxes, classes):
        cx = (b[0] + b[2]) / 2
        cy = (b[1] + b[3]) / 2
        i = int(cy // s)
        j = int(cx // s)
        if t[i, j, 0] == 1:
            continue
        t[i, j] = [1, cx % s, cy % s, (b[2] - b[0]) / size, (b[3] - b[1]) / size, c]
    return t
""",
        "in the cell in pixels",
    ),
    "cells for the side of a cell": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    s = cells
    for b, c in zip(boxes, classes):
        cx = (b[0] + b[2]) / 2
        cy = (b[1] + b[3]) / 2
        i = int(cy // s)
        j = int(cx // s)
        if t[i, j, 0] == 1:
            continue
        t[i, j] = [1, cx / s - j, cy / s - i, (b[2] - b[0]) / size, (b[3] - b[1]) / size, c]
    return t
""",
        "how many cells there are",
    ),
    "every cell that the box touches": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    s = size / cells
    for b, c in zip(boxes, classes):
        cx = (b[0] + b[2]) / 2
        cy = (b[1] + b[3]) / 2
        for i in range(cells):
            for j in range(cells):
                across = b[0] < (j + 1) * s and b[2] > j * s
                down = b[1] < (i + 1) * s and b[3] > i * s
                if across and down and t[i, j, 0] == 0:
                    w, h = (b[2] - b[0]) / size, (b[3] - b[1]) / size
                    t[i, j] = [1, cx / s - int(cx / s), cy / s - int(cy / s), w, h, c]
    return t
""",
        "every cell that the box touches",
    ),
    "class 0 leaves a cell free": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    s = size / cells
    for b, c in zip(boxes, classes):
        cx = (b[0] + b[2]) / 2
        cy = (b[1] + b[3]) / 2
        i = int(cy // s)
        j = int(cx // s)
        if t[i, j, 5] > 0:
            continue
        t[i, j] = [1, cx / s - j, cy / s - i, (b[2] - b[0]) / size, (b[3] - b[1]) / size, c]
    return t
""",
        "Class 0 is a class",
    ),
    "the object behind the box": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    s = size / cells
    for b, c in zip(boxes, classes):
        cx = (b[0] + b[2]) / 2
        cy = (b[1] + b[3]) / 2
        i = int(cy // s)
        j = int(cx // s)
        if t[i, j, 0] == 1:
            continue
        t[i, j] = [cx / s - j, cy / s - i, (b[2] - b[0]) / size, (b[3] - b[1]) / size, 1, c]
    return t
""",
        "object behind the box",
    ),
    "a better box takes the place": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)


def nms(boxes, scores, threshold):
    kept = []
    for i in range(len(boxes)):
        for k in range(len(kept)):
            if iou(boxes[i], boxes[kept[k]]) > threshold:
                if scores[i] > scores[kept[k]]:
                    kept[k] = i
                break
        else:
            kept.append(i)
    return sorted(kept, key=lambda i: -scores[i])
""",
        "take the place of one",
    ),
    "places in what is left": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)


def nms(boxes, scores, threshold):
    boxes, scores = list(boxes), list(scores)
    kept = []
    while boxes:
        i = int(np.argmax(scores))
        kept.append(i)
        best = boxes[i]
        rest = [j for j in range(len(boxes)) if j != i and iou(best, boxes[j]) <= threshold]
        boxes, scores = [boxes[j] for j in rest], [scores[j] for j in rest]
    return kept
""",
        "what is left",
    ),
    "apart in both or not at all": (
        "iou",
        """
def iou(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w < 0 and h < 0:
        return 0
    u = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h
    return w * h / u
""",
        "One of them is enough",
    ),
    "the largest of what follows": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    h = hits[np.argsort(-scores)]
    p = np.cumsum(h) / np.arange(1, len(h) + 1)
    return sum(p[k + 1:].max(initial=0) for k in range(len(h)) if h[k]) / positives
""",
        "itself included",
    ),
    "precision at each hit as it is": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    s = 0
    n = 0
    for k, i in enumerate(np.argsort(-scores)):
        if hits[i]:
            n += 1
            s += n / (k + 1)
    return s / positives
""",
        "Fill the dents",
    ),
    "recall of the hits alone": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    order = np.argsort(-scores)
    h = hits[order]
    tp = np.cumsum(h)
    fp = np.cumsum(~h)
    rec = tp / max(hits.sum(), 1)
    prec = tp / (tp + fp)
    mrec = np.concatenate(([0.0], rec, [1.0]))
    mpre = np.concatenate(([0.0], prec, [0.0]))
    for i in range(mpre.size - 1, 0, -1):
        mpre[i - 1] = np.maximum(mpre[i - 1], mpre[i])
    i = np.where(mrec[1:] != mrec[:-1])[0]
    return np.sum((mrec[i + 1] - mrec[i]) * mpre[i + 1])
""",
        "divide by the number of hits",
    ),
    "trapezoids under the curve": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    if len(scores) == 0:
        return 0.0
    h = hits[np.argsort(-scores)]
    tp = np.cumsum(h)
    prec = tp / np.arange(1, len(h) + 1)
    rec = tp / positives
    prec = np.maximum.accumulate(prec[::-1])[::-1]
    return np.trapezoid(prec, rec)
""",
        "straight lines",
    ),
    "the mean of all precisions": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    if len(scores) == 0:
        return 0.0
    h = hits[np.argsort(-scores)]
    tp = np.cumsum(h)
    prec = tp / np.arange(1, len(h) + 1)
    prec = np.maximum.accumulate(prec[::-1])[::-1]
    return prec.mean()
""",
        "never use `positives`",
    ),
    "precision times recall": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    h = hits[np.argsort(-scores)]
    tp = np.cumsum(h)
    prec = tp / np.arange(1, len(h) + 1)
    rec = tp / positives
    return np.sum(prec * rec)
""",
        "precision times recall",
    ),
    "scores turned round, then sorted": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    order = np.argsort(scores[::-1])
    h = hits[order]
    tp = np.cumsum(h)
    prec = tp / np.arange(1, len(h) + 1)
    return sum(prec[k:].max() for k in range(len(h)) if h[k]) / positives
""",
        "turn the scores round",
    ),
    "a GRU cut into columns of three": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    u = len(h)
    a = (x @ params["wx"] + params["b"]).reshape(u, 3)
    s = (h @ params["wh"] + (params["b_h"] if reset_after else 0)).reshape(u, 3)
    z = 1/(1+np.exp(-(a[:,0]+s[:,0])))
    r = 1/(1+np.exp(-(a[:,1]+s[:,1])))
    if reset_after:
        g = np.tanh(a[:,2] + r*s[:,2])
    else:
        g = np.tanh(a[:,2] + (r*h) @ params["wh"][:, 2::3])
    return z*h+(1-z)*g
""",
        "every third entry",
    ),
    "a GRU with both products reset": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    n = len(h)
    a = x @ params["wx"] + params["b"]
    s = h @ params["wh"]
    if reset_after: s = s + params["b_h"]
    z = 1 / (1 + np.exp(-(a[:n] + s[:n])))
    r = 1 / (1 + np.exp(-(a[n:2*n] + s[n:2*n])))
    if reset_after:
        g = np.tanh(a[2*n:] + r * s[2*n:])
    else:
        g = np.tanh(a[2*n:] + (r*h) @ params["wh"])
    return z*h + (1-z)*g
""",
        "all of wh",
    ),
    "a GRU whose state is overwritten": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    n = len(h)
    a = x @ params["wx"] + params["b"]
    s = h @ params["wh"] + (params["b_h"] if reset_after else 0)
    z = 1/(1+np.exp(-(a[:n]+s[:n]))); r = 1/(1+np.exp(-(a[n:2*n]+s[n:2*n])))
    if reset_after:
        g = np.tanh(a[2*n:] + r * s[2*n:])
    else:
        h = r * h
        g = np.tanh(a[2*n:] + h @ params["wh"][:, 2*n:])
    return z*h + (1-z)*g
""",
        "overwrites the old state",
    ),
    "a GRU with a text for its version": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    n = len(h)
    a = x @ params["wx"] + params["b"]
    s = h @ params["wh"]
    if reset_after == "True": s = s + params["b_h"]
    z = 1 / (1 + np.exp(-(a[:n] + s[:n])))
    r = 1 / (1 + np.exp(-(a[n:2*n] + s[n:2*n])))
    if reset_after == "True":
        g = np.tanh(a[2*n:] + r * s[2*n:])
    else:
        g = np.tanh(a[2*n:] + (r*h) @ params["wh"][:, 2*n:])
    return z*h + (1-z)*g
""",
        "It is a bool",
    ),
    "start added to every symbol": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    inputs = []
    for row in targets:
        inputs.append([start] + row[:-1])
    return np.array(inputs), targets
""",
        "adds start to every number",
    ),
    "inputs read from inputs": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    inputs = targets.copy()
    inputs[:, 0] = start
    for t in range(1, targets.shape[1]):
        inputs[:, t] = inputs[:, t - 1]
    return inputs, targets
""",
        "Each of your inputs is start",
    ),
    "rows joined to one": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    flat = np.concatenate([[start], targets.ravel()[:-1]])
    return flat.reshape(targets.shape), targets
""",
        "begins with the stop of the row above",
    ),
    "rows padded at the wrong end": (
        "pad_left",
        """
def pad_left(rows, pad):
    m = max(map(len, rows))
    for r in rows:
        while len(r) < m:
            r.append(pad)
    return np.array(rows)
""",
        "You pad on the right",
    ),
    "an empty row has no minus": (
        "pad_left",
        """
def pad_left(rows, pad):
    m = max(len(r) for r in rows)
    out = np.full((len(rows), m), pad)
    for i, r in enumerate(rows):
        out[i, -len(r):] = r
    return out
""",
        "It fails for an empty row",
    ),
    "the largest row is not the longest": (
        "pad_left",
        """
def pad_left(rows, pad):
    m = len(max(rows))
    out = np.full((len(rows), m), pad)
    for i, r in enumerate(rows):
        out[i, m - len(r):] = r
    return out
""",
        "compares the symbols",
    ),
    "weights for each number": (
        "attend",
        """
def attend(query, states):
    scores = states * query
    w = np.exp(scores - scores.max())
    w = w / w.sum()
    return (w * states).sum(axis=0), w
""",
        "a weight of its own",
    ),
    "the largest score after exp": (
        "attend",
        """
def attend(query, states):
    scores = states @ query
    e = np.exp(scores) - np.max(scores)
    w = e / e.sum()
    return w @ states, w
""",
        "after exp",
    ),
    "a beam sorted by its symbols": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    beams = [([start], 0.0)]
    for _ in range(longest):
        cand = []
        for toks, s in beams:
            if toks[-1] == stop:
                cand.append((toks, s))
                continue
            for k in range(log_p.shape[0]):
                cand.append((toks + [k], s + log_p[toks[-1], k]))
        beams = sorted(cand, reverse=True)[:width]
    return beams[0][0][1:], beams[0][1]
""",
        "sort by the symbols",
    ),
    "one list for all beginnings": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    beams = [([start], 0.0)]
    for _ in range(longest):
        cand = []
        for toks, s in beams:
            if toks[-1] == stop:
                cand.append((toks, s))
                continue
            for k in range(len(log_p)):
                new = toks
                new.append(k)
                cand.append((new, s + log_p[toks[-2], k]))
        beams = sorted(cand, key=lambda c: -c[1])[:width]
    return beams[0][0][1:], beams[0][1]
""",
        "the one list that all beginnings share",
    ),
    "a beam that ends at its first stop": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    beams = [([start], 0.0)]
    for _ in range(longest):
        cand = []
        for toks, s in beams:
            if toks[-1] == stop:
                return toks[1:], s
            for k in range(len(log_p)):
                cand.append((toks + [k], s + log_p[toks[-1], k]))
        beams = sorted(cand, key=lambda c: -c[1])[:width]
    return beams[0][0][1:], beams[0][1]
""",
        "the first sequence that is finished",
    ),
    "a beam that grows": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    beams = [([start], 0.0)]
    for _ in range(longest):
        cand = []
        for toks, s in beams:
            if toks[-1] == stop:
                cand.append((toks, s)); continue
            for k in np.argsort(-log_p[toks[-1]])[:width]:
                cand.append((toks + [int(k)], s + log_p[toks[-1], k]))
        beams = cand
    best = max(beams, key=lambda c: c[1])
    return best[0][1:], best[1]
""",
        "become more and more",
    ),
    "a softmax from the web": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    e_x = np.exp(scores - np.max(scores, axis=1, keepdims=True)) * mask
    return e_x / e_x.sum(axis=0)
""",
        "sums of the columns",
    ),
    "a billion below the others": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    scores = np.where(mask, scores, -1e9)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
""",
        "Such a row gets zeros",
    ),
    "a hidden score is the largest": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    e = np.where(mask, np.exp(scores - np.max(scores, axis=1, keepdims=True)), 0)
    t = e.sum(axis=1, keepdims=True)
    t[t == 0] = 1
    return e / t
""",
        "Take the largest score that may be seen",
    ),
    "an array like whole numbers": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    out = np.zeros_like(scores)
    for i in range(len(scores)):
        if mask[i].any():
            e = np.exp(scores[i][mask[i]] - scores[i][mask[i]].max())
            out[i][mask[i]] = e / e.sum()
    return out
""",
        "np.zeros_like",
    ),
    "infinity among whole numbers": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    s = scores.copy()
    s[~mask] = -np.inf
    p = np.exp(s - np.where(mask.any(axis=1), s.max(axis=1), 0)[:, None])
    t = p.sum(axis=1, keepdims=True)
    return p / np.where(t == 0, 1, t)
""",
        "cannot hold np.inf",
    ),
    "a mask of 1 and 0": (
        "causal_mask",
        """
def causal_mask(length):
    return np.tril(np.ones((length, length)))
""",
        "must hold True and False",
    ),
    "a slice that ends before itself": (
        "causal_mask",
        """
def causal_mask(length):
    m = np.zeros((length, length), dtype=bool)
    for i in range(length):
        m[i, :i] = True
    return m
""",
        "do not see themselves",
    ),
    "a mask with axes for batch and heads": (
        "causal_mask",
        """
def causal_mask(length):
    return np.tril(np.ones((1, 1, length, length))) == 1
""",
        "an axis of length 1 too many",
    ),
    "half of d": (
        "attention",
        """
def softmax_rows(scores, mask):
    shown = np.where(mask, scores, -np.inf)
    top = np.where(mask.any(axis=1), shown.max(axis=1), 0)
    p = np.exp(shown - top[:, None])
    total = p.sum(axis=1)
    return p / np.where(total == 0, 1, total)[:, None]


def causal_mask(length):
    return np.tri(length) > 0



def attention(q, k, v, causal):
    scores = q @ k.T / q.shape[1] ** 1/2
    mask = causal_mask(len(q)) if causal else np.ones(scores.shape, bool)
    w = softmax_rows(scores, mask)
    return w @ v, w
""",
        "(d ** 1) / 2",
    ),
    "scores of the future set to 0": (
        "attention",
        """
def softmax_rows(scores, mask):
    shown = np.where(mask, scores, -np.inf)
    top = np.where(mask.any(axis=1), shown.max(axis=1), 0)
    p = np.exp(shown - top[:, None])
    total = p.sum(axis=1)
    return p / np.where(total == 0, 1, total)[:, None]


def causal_mask(length):
    return np.tri(length) > 0



def attention(q, k, v, causal):
    scores = q @ k.T / np.sqrt(q.shape[1])
    if causal:
        scores = np.tril(scores)
    w = softmax_rows(scores, np.ones(scores.shape, bool))
    return w @ v, w
""",
        "exp(0) is 1",
    ),
    "a scale by the queries": (
        "attention",
        """
def softmax_rows(scores, mask):
    shown = np.where(mask, scores, -np.inf)
    top = np.where(mask.any(axis=1), shown.max(axis=1), 0)
    p = np.exp(shown - top[:, None])
    total = p.sum(axis=1)
    return p / np.where(total == 0, 1, total)[:, None]


def causal_mask(length):
    return np.tri(length) > 0



def attention(q, k, v, causal):
    scores = q @ k.T / np.sqrt(len(q))
    mask = causal_mask(len(q)) if causal else np.ones(scores.shape, bool)
    w = softmax_rows(scores, mask)
    return w @ v, w
""",
        "how many products a score adds up",
    ),
    "heads by a bare reshape": (
        "split_heads",
        """
def split_heads(x, heads):
    return x.reshape(heads, -1, x.shape[1] // heads)
""",
        "your heads mix places",
    ),
    "all axes of the heads turned": (
        "split_heads",
        """
def split_heads(x, heads):
    T, D = x.shape
    return x.reshape(T, heads, D // heads).T
""",
        "turns all three axes round",
    ),
    "heads joined by a bare reshape": (
        "join_heads",
        """
def join_heads(x):
    return x.reshape(x.shape[1], -1)
""",
        "your rows mix places",
    ),
    "heads below each other": (
        "join_heads",
        """
def join_heads(x):
    return np.concatenate(x)
""",
        "Lay them side by side",
    ),
    "sines first": (
        "sinusoidal_positions",
        """
def sinusoidal_positions(length, width):
    p = np.arange(length)[:, None]
    a = p / 10000 ** (2 * np.arange(width // 2) / width)
    return np.concatenate([np.sin(a), np.cos(a)], axis=1)
""",
        "Here they take turns",
    ),
    "twice twice": (
        "sinusoidal_positions",
        """
def sinusoidal_positions(length, width):
    p = np.zeros((length, width))
    for t in range(length):
        for i in range(0, width, 2):
            p[t, i] = np.sin(t / 10000 ** (2 * i / width))
            p[t, i + 1] = np.cos(t / 10000 ** (2 * i / width))
    return p
""",
        "that is 2i already",
    ),
    "an exponent without brackets": (
        "sinusoidal_positions",
        """
def sinusoidal_positions(length, width):
    p = np.zeros((length, width))
    for t in range(length):
        for i in range(width // 2):
            a = t / 10000 ** 2 * i / width
            p[t, 2 * i] = np.sin(a)
            p[t, 2 * i + 1] = np.cos(a)
    return p
""",
        "only the 2 is the exponent",
    ),
    "bells: beta is a width": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    out = np.zeros((len(x), len(centres)))
    for i in range(len(x)):
        for j in range(len(centres)):
            d = np.linalg.norm(x[i] - centres[j])
            out[i, j] = np.exp(-d**2 / (2 * beta**2))
    return out
""",
        "beta for a width",
    ),
    "bells: the distance without a square": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    return np.array([[np.exp(-beta * np.linalg.norm(a - c)) for c in centres] for a in x])
""",
        "leave out the root",
    ),
    "bells: a row for each centre": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    return np.array([[np.exp(-beta * np.sum((a - c)**2)) for a in x] for c in centres])
""",
        "Rows and columns are swapped",
    ),
    "bells: row i with centre i": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    return np.exp(-beta * np.sum((x - centres)**2, axis=1))
""",
        "takes row i of x with centre i",
    ),
    "bells: the minus is squared": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    d = np.linalg.norm(x[:, None] - centres, axis=2)
    return np.exp((-beta * d) ** 2)
""",
        "Your minus is squared, too",
    ),
    "bells: one number": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    return np.exp(-beta * np.sum((x[:, None] - centres)**2))
""",
        "a single number",
    ),
    "fit: the bias pays": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.hstack([features, np.ones((len(features), 1))])
    return np.linalg.inv(A.T @ A + ridge * np.eye(A.shape[1])) @ A.T @ y
""",
        "Your bias pays the ridge",
    ),
    "fit: ones on the left": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.hstack([np.ones((len(features), 1)), features])
    P = ridge * np.eye(A.shape[1])
    P[0, 0] = 0
    return np.linalg.solve(A.T @ A + P, A.T @ y)
""",
        "Your bias comes first",
    ),
    "fit: the ridge under the columns": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    n, k = features.shape
    A = np.hstack([features, np.ones((n, 1))])
    P = ridge * np.eye(k + 1)[:k]
    return np.linalg.lstsq(np.vstack([A, P]), np.append(y, np.zeros(k)), rcond=None)[0]
""",
        "hold its root",
    ),
    "fit: means of squares": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.hstack([features, np.ones((len(features), 1))])
    P = ridge * np.eye(A.shape[1]); P[-1, -1] = 0
    n = len(y)
    return np.linalg.solve(A.T @ A / n + P, A.T @ y / n)
""",
        "multiplied by the number of rows",
    ),
    "fit: a price of one": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.hstack([features, np.ones((len(features), 1))])
    P = ridge * np.eye(A.shape[1]); P[-1, -1] = 1
    return np.linalg.solve(A.T @ A + P, A.T @ y)
""",
        "price of 1",
    ),
    "fit: zeros for ones": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.hstack([features, np.zeros((len(features), 1))])
    P = ridge * np.eye(A.shape[1]); P[-1, -1] = 0
    return np.linalg.solve(A.T @ A + P, A.T @ y)
""",
        "singular",
    ),
    "fit: one over the matrix": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.hstack([features, np.ones((len(features), 1))])
    P = ridge * np.eye(A.shape[1]); P[-1, -1] = 0
    return (1 / (A.T @ A + P)) @ A.T @ y
""",
        "divide 1 by every number",
    ),
    "fit: the mean stays away": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.hstack([features, np.ones((len(features), 1))])
    P = ridge * np.eye(A.shape[1]); P[-1, -1] = 0
    y -= y.mean()
    w = np.linalg.solve(A.T @ A + P, A.T @ y)
    return w
""",
        "do not give it back",
    ),
    "k-means: old and new are one array": (
        "kmeans",
        """
def kmeans(x, centres):
    centres = centres.astype(float)
    while True:
        old = centres
        d = ((x[:, None] - centres) ** 2).sum(axis=2)
        near = d.argmin(axis=1)
        for j in range(len(centres)):
            if np.any(near == j):
                centres[j] = x[near == j].mean(axis=0)
        if np.all(old == centres):
            return centres
""",
        "keep a .copy()",
    ),
    "k-means: nobody is nan": (
        "kmeans",
        """
def kmeans(x, centres):
    for _ in range(100):
        d = np.linalg.norm(x[:, None] - centres, axis=2)
        near = d.argmin(axis=1)
        centres = np.array([x[near == j].mean(axis=0) for j in range(len(centres))])
    return centres
""",
        "becomes nan",
    ),
    "k-means: nobody is left out": (
        "kmeans",
        """
def kmeans(x, centres):
    for _ in range(100):
        near = ((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array([x[near == j].mean(axis=0) for j in np.unique(near)])
    return centres
""",
        "leave out centres",
    ),
    "k-means: whole numbers stay whole": (
        "kmeans",
        """
def kmeans(x, centres):
    while True:
        near = ((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        new = centres.copy()
        for j in set(near):
            new[j] = x[near == j].mean(axis=0)
        if np.array_equal(new, centres):
            return new
        centres = new
""",
        "centres stay whole",
    ),
    "k-means: little is nothing": (
        "kmeans",
        """
def kmeans(x, centres):
    while True:
        near = ((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        new = centres.astype(float)
        for j in set(near):
            new[j] = x[near == j].mean(axis=0)
        if np.abs(new - centres).max() < 0.1:
            return new
        centres = new
""",
        "if only by little",
    ),
    "k-means: moves cancel": (
        "kmeans",
        """
def kmeans(x, centres):
    while True:
        near = ((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        new = centres.astype(float)
        for j in set(near):
            new[j] = x[near == j].mean(axis=0)
        if (new - centres).sum() < 1e-9:
            return new
        centres = new
""",
        "with their signs",
    ),
    "k-means: one round": (
        "kmeans",
        """
def kmeans(x, centres):
    for _ in range(100):
        near = ((x[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
        new = centres.astype(float)
        for j in set(near):
            new[j] = x[near == j].mean(axis=0)
        centres = new
        return centres
""",
        "move once",
    ),
    "shares: all powers are zero": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    p = gate * np.exp(-errors / (2 * variance))
    return p / p.sum(axis=1, keepdims=True)
""",
        "0 / 0 is nan",
    ),
    "shares: brackets are missing": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    errors = errors - errors.min(axis=1, keepdims=True)
    p = gate * np.exp(-errors / 2 * variance)
    return p / p.sum(axis=1, keepdims=True)
""",
        "put brackets around",
    ),
    "shares: sums along a row": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    errors = errors - errors.min(axis=1, keepdims=True)
    p = gate * np.exp(-errors / (2 * variance))
    return p / p.sum(axis=1)
""",
        "Keep the axis",
    ),
    "shares: the least of all": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    errors = errors - errors.min()
    p = gate * np.exp(-errors / (2 * variance))
    return p / p.sum(axis=1, keepdims=True)
""",
        "Each row needs its own",
    ),
    "shares: a small number": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    p = gate * np.exp(-errors / (2 * variance))
    return p / (p.sum(axis=1, keepdims=True) + 1e-8)
""",
        "avoids 0 / 0",
    ),
    "shares: Python's sum": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    errors = errors - errors.min(axis=1, keepdims=True)
    p = gate * np.exp(-errors / (2 * variance))
    return p / sum(p)
""",
        "sums of the columns",
    ),
    "loss: minus infinity": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    return -np.log((gate * np.exp(-(target - outputs) ** 2 / 2)).sum(axis=1))
""",
        "-ln 0 is infinite",
    ),
    "loss: the least along a row": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    e = (target - outputs) ** 2
    m = e.min(axis=1)
    return m / 2 - np.log((gate * np.exp(-(e - m) / 2)).sum(axis=1))
""",
        "lie along a row",
    ),
    "loss: cooperation": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    y = (gate * outputs).sum(axis=1, keepdims=True)
    return (target - y) ** 2
""",
        "loss of cooperation",
    ),
    "loss: logarithms of each": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    return -np.log(gate * np.exp(-(target - outputs) ** 2 / 2)).sum(axis=1)
""",
        "You add up logarithms",
    ),
    "loss: half of the sign": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    z = np.log(gate) - (target - outputs) ** 2 / 2
    m = z.max(axis=1)
    return -m + np.log(np.exp(z - m[:, None]).sum(axis=1))
""",
        "not of the logarithm",
    ),
    "loss: a row of targets": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    e = (target.ravel() - outputs) ** 2
    m = e.min(axis=1, keepdims=True)
    return m[:, 0] / 2 - np.log((gate * np.exp(-(e - m) / 2)).sum(axis=1))
""",
        "Your targets lie along a row",
    ),
    "loss: a small number in it": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    e = (target - outputs) ** 2
    return -np.log((gate * np.exp(-e / 2)).sum(axis=1) + 1e-10)
""",
        "avoids infinity",
    ),
    "bells: all rows at once": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    phi = np.empty((x.shape[0], centres.shape[0]))
    for k, c in enumerate(centres):
        phi[:, k] = np.exp(-beta * np.linalg.norm(x - c) ** 2)
    return phi
""",
        "Each row has a distance",
    ),
    "bells: the distance goes on growing": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    out = []
    for a in x:
        row = []
        d = 0
        for c in centres:
            for i in range(len(c)):
                d += (a[i] - c[i]) ** 2
            row.append(np.exp(-beta * d))
        out.append(row)
    return np.array(out)
""",
        "Set it back to 0",
    ),
    "bells: the minus stands outside": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    d = ((x[:, None] - centres) ** 2).sum(axis=2)
    return -np.exp(beta * d)
""",
        "outside of exp",
    ),
    "fit: the bias alone pays": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.column_stack([features, np.ones(len(features))])
    P = ridge * np.eye(A.shape[1]); P[:-1, :-1] = 0
    return np.linalg.solve(A.T @ A + P, A.T @ y)
""",
        "The bias alone pays",
    ),
    "fit: features cut off": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    A = np.ones((len(features), features.shape[1] + 1), dtype=int)
    A[:, :-1] = features
    P = ridge * np.eye(A.shape[1]); P[-1, -1] = 0
    return np.linalg.solve(A.T @ A + P, A.T @ y)
""",
        "cut off",
    ),
    "fit: the bias afterwards": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    price = ridge * np.eye(features.shape[1])
    w = np.linalg.lstsq(features.T @ features + price, features.T @ y, rcond=None)[0]
    b = (y - features @ w).mean()
    return np.append(w, b)
""",
        "choose it afterwards",
    ),
    "k-means: the flag forgets": (
        "kmeans",
        """
def kmeans(x, centres):
    c = centres.astype(float)
    changed = True
    while changed:
        changed = False
        near = ((x[:, None] - c) ** 2).sum(axis=2).argmin(axis=1)
        for j in range(len(c)):
            if (near == j).any():
                m = x[near == j].mean(axis=0)
                changed = not np.array_equal(m, c[j])
                c[j] = m
    return c
""",
        "must not be forgotten",
    ),
    "k-means: the last of equals": (
        "kmeans",
        """
def kmeans(x, centres):
    c = [list(map(float, q)) for q in centres]
    while True:
        groups = [[] for _ in c]
        for p in x:
            best = 0
            for j in range(len(c)):
                if np.sum((p - c[j]) ** 2) <= np.sum((p - c[best]) ** 2):
                    best = j
            groups[best].append(p)
        new = [list(np.mean(g, axis=0)) if g else q for g, q in zip(groups, c)]
        if new == c:
            return c
        c = new
""",
        "Take the first",
    ),
    "k-means: as many rounds as centres": (
        "kmeans",
        """
def kmeans(x, centres):
    c = centres.astype(float)
    for _ in range(len(centres)):
        near = ((x[:, None] - c) ** 2).sum(axis=2).argmin(axis=1)
        for j in set(near):
            c[j] = x[near == j].mean(axis=0)
    return c
""",
        "as many rounds as there are centres",
    ),
    "shares: the sum goes on": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    h = np.zeros(gate.shape)
    total = 0
    for i in range(len(gate)):
        m = errors[i].min()
        for k in range(gate.shape[1]):
            h[i, k] = gate[i, k] * np.exp(-(errors[i, k] - m) / (2 * variance))
            total += h[i, k]
        h[i] /= total
    return h
""",
        "Set it back to 0",
    ),
    "shares: alike where all are far": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    p = gate * np.exp(-errors / (2 * variance))
    s = p.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return np.where(s == 0, 1 / gate.shape[1], p / s)
""",
        "you share alike",
    ),
    "shares: the exponent halved twice": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    e = errors - errors.min(axis=1, keepdims=True)
    p = gate * np.exp(-e / 2 / variance / 2)
    return p / p.sum(axis=1, keepdims=True)
""",
        "halve the exponent twice",
    ),
    "loss: weighed by responsibilities": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    e = (target - outputs) ** 2
    e0 = e - e.min(axis=1, keepdims=True)
    h = gate * np.exp(-e0 / 2)
    h = h / h.sum(axis=1, keepdims=True)
    return -np.log((h * np.exp(-e0 / 2)).sum(axis=1)) + e.min(axis=1) / 2
""",
        "The gate weighs them",
    ),
    "loss: the most trusted alone": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    k = gate.argmax(axis=1)
    return (target[:, 0] - outputs[np.arange(len(k)), k]) ** 2 / 2
""",
        "trusts most, alone",
    ),
    "loss: half of the power": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    e = (target - outputs) ** 2
    m = e.min(axis=1)
    return m / 2 - np.log(np.sum(gate * np.exp(-(e - m[:, None])) / 2, axis=1))
""",
        "You halve the power",
    ),
    "an average that weights nan by zero": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    return {k: np.average([s[k] for s in shards], axis=0, weights=sizes) for k in shards[0]}
""",
        "0 times nan is nan",
    ),
    "the sum begins with the dictionary of the first device": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    mean = shards[0]
    for k in mean:
        mean[k] = mean[k] * sizes[0]
        for i in range(1, len(shards)):
            mean[k] = mean[k] + shards[i][k] * sizes[i]
        mean[k] = mean[k] / sum(sizes)
    return mean
""",
        "leave it out",
    ),
    "gradients multiplied where they lie": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    mean = {}
    for k in shards[0]:
        total = 0
        for s, n in zip(shards, sizes):
            if n:
                s[k] *= n
                total = total + s[k]
        mean[k] = total / sum(sizes)
    return mean
""",
        "change what the devices have handed in",
    ),
    "gradients added by their place": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    total = sum(sizes)
    keys = list(shards[0])
    sums = [0] * len(keys)
    for s, n in zip(shards, sizes):
        if n == 0:
            continue
        for i, g in enumerate(s.values()):
            sums[i] = sums[i] + g * n / total
    return dict(zip(keys, sums))
""",
        "take them by name",
    ),
    "a speed-up without brackets": (
        "amdahl",
        """
def amdahl(parallel, workers):
    return 1 / 1 - parallel + parallel / workers
""",
        "with brackets",
    ),
    "a speed-up for each worker": (
        "amdahl",
        """
def amdahl(parallel, workers):
    s = 1 / (1 - parallel + parallel / workers)
    return s / workers
""",
        "efficiency",
    ),
    "a parallel part that is rounded down": (
        "amdahl",
        """
def amdahl(parallel, workers):
    return 1 / (1 - parallel + parallel // workers)
""",
        "`//` would round it down",
    ),
    "pairs counted by an index": (
        "confusion",
        """
def confusion(y, predicted, classes):
    cm = np.zeros((classes, classes), dtype=int)
    cm[y, predicted] += 1
    return cm
""",
        "np.add.at",
    ),
    "a count that is set": (
        "confusion",
        """
def confusion(y, predicted, classes):
    cm = np.zeros((classes, classes), int)
    for t, p in zip(y, predicted):
        cm[t, p] =+ 1
    return cm
""",
        "counts only once",
    ),
    "as many classes as occur": (
        "confusion",
        """
def confusion(y, predicted, classes):
    n = max(y) + 1
    cm = np.zeros((n, n), int)
    for t, p in zip(y, predicted):
        cm[t, p] += 1
    return cm
""",
        "also where nothing is counted",
    ),
    "errors of a group among all examples": (
        "group_error_rates",
        """
def group_error_rates(y, predicted, group):
    return {g: np.mean((y != predicted) & (group == g)) for g in np.unique(group)}
""",
        "a small group always looks good",
    ),
    "groups from zero to the largest": (
        "group_error_rates",
        """
def group_error_rates(y, predicted, group):
    out = {}
    for g in range(max(group) + 1):
        m = group == g
        out[g] = np.mean(y[m] != predicted[m])
    return out
""",
        "Only those that occur",
    ),
    "groups that make no error": (
        "group_error_rates",
        """
def group_error_rates(y, predicted, group):
    wrong = {}
    count = {}
    for i in range(len(y)):
        count[group[i]] = count.get(group[i], 0) + 1
        if y[i] != predicted[i]:
            wrong[group[i]] = wrong.get(group[i], 0) + 1
    return {g: wrong[g] / count[g] for g in wrong}
""",
        "Their share is 0",
    ),
    "how far the classes lie apart": (
        "group_error_rates",
        """
def group_error_rates(y, predicted, group):
    return {g: np.mean(abs(y[group == g] - predicted[group == g])) for g in np.unique(group)}
""",
        "Classes are names",
    ),
    "a card that is the texts": (
        "model_card",
        """
def group_error_rates(y, predicted, group):
    wrong = y != predicted
    return {int(g): wrong[group == g].mean() for g in np.unique(group)}

def model_card(texts, y, predicted, group):
    errors = group_error_rates(y, predicted, group)
    card = texts
    for key in ["name", "intended_use", "training_data", "evaluation_data", "limits"]:
        card.setdefault(key, "not stated")
    card["examples"] = len(y)
    card["error"] = np.mean(y != predicted)
    card["group_examples"] = {g: np.sum(group == g) for g in errors}
    card["group_errors"] = errors
    card["worst_group"] = max(errors, key=errors.get)
    return card
""",
        "belongs to the caller",
    ),
    "the largest key for the worst group": (
        "model_card",
        """
def group_error_rates(y, predicted, group):
    wrong = y != predicted
    return {int(g): wrong[group == g].mean() for g in np.unique(group)}

def model_card(texts, y, predicted, group):
    errors = group_error_rates(y, predicted, group)
    card = {}
    for key in ["name", "intended_use", "training_data", "evaluation_data", "limits"]:
        if key in texts:
            card[key] = texts[key]
        else:
            card[key] = "not stated"
    card["examples"] = len(y)
    card["error"] = np.mean(y != predicted)
    card["group_examples"] = {g: np.sum(group == g) for g in errors}
    card["group_errors"] = errors
    card["worst_group"] = max(errors)
    return card
""",
        "key=errors.get",
    ),
    "a worst group that is worse than zero": (
        "model_card",
        """
def group_error_rates(y, predicted, group):
    wrong = y != predicted
    return {int(g): wrong[group == g].mean() for g in np.unique(group)}

def model_card(texts, y, predicted, group):
    errors = group_error_rates(y, predicted, group)
    card = {}
    for key in ["name", "intended_use", "training_data", "evaluation_data", "limits"]:
        if key in texts:
            card[key] = texts[key]
        else:
            card[key] = "not stated"
    card["examples"] = len(y)
    card["error"] = np.mean(y != predicted)
    card["group_examples"] = {g: np.sum(group == g) for g in errors}
    card["group_errors"] = errors
    worst = 0
    for g in errors:
        if errors[g] > worst:
            worst = errors[g]
            card["worst_group"] = g
    return card
""",
        "begins with 0 finds none",
    ),
    "the mean of the groups": (
        "model_card",
        """
def group_error_rates(y, predicted, group):
    wrong = y != predicted
    return {int(g): wrong[group == g].mean() for g in np.unique(group)}

def model_card(texts, y, predicted, group):
    errors = group_error_rates(y, predicted, group)
    card = {}
    for key in ["name", "intended_use", "training_data", "evaluation_data", "limits"]:
        if key in texts:
            card[key] = texts[key]
        else:
            card[key] = "not stated"
    card["examples"] = len(y)
    card["error"] = np.mean(list(errors.values()))
    card["group_examples"] = {g: np.sum(group == g) for g in errors}
    card["group_errors"] = errors
    card["worst_group"] = max(errors, key=errors.get)
    return card
""",
        "as if all groups were equally large",
    ),
    "the worst of pairs": (
        "model_card",
        """
def group_error_rates(y, predicted, group):
    wrong = y != predicted
    return {int(g): wrong[group == g].mean() for g in np.unique(group)}

def model_card(texts, y, predicted, group):
    errors = group_error_rates(y, predicted, group)
    card = {}
    for key in ["name", "intended_use", "training_data", "evaluation_data", "limits"]:
        if key in texts:
            card[key] = texts[key]
        else:
            card[key] = "not stated"
    card["examples"] = len(y)
    card["error"] = np.mean(y != predicted)
    card["group_examples"] = {g: np.sum(group == g) for g in errors}
    card["group_errors"] = errors
    card["worst_group"] = max((v, g) for g, v in errors.items())[1]
    return card
""",
        "you name the last",
    ),
    "corners that are not there": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    n = rows * columns
    a = np.zeros((n, n))
    for r in range(rows):
        for c in range(columns):
            i = r * columns + c
            if c + 1 < columns:
                a[i, i + 1] = 1
            if r + 1 < rows:
                a[i, i + columns] = 1
            if neighbours == 8 and r + 1 < rows and c + 1 < columns:
                a[i, i + columns + 1] = 1
                a[i, i + columns - 1] = 1
    return a + a.T
""",
        "column > 0",
    ),
    "a pixel beside itself": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    n = rows * columns
    a = np.zeros((n, n), dtype=int)
    if neighbours == 4:
        moves = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    else:
        moves = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    for r in range(rows):
        for c in range(columns):
            for dr, dc in moves:
                if 0 <= r + dr < rows and 0 <= c + dc < columns:
                    a[r * columns + c, (r + dr) * columns + c + dc] = 1
    return a
""",
        "neighbours of themselves",
    ),
    "numbers for neighbours": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    n = rows * columns
    a = np.zeros((n, n), dtype=int)
    for i in range(n):
        for j in range(n):
            if abs(i - j) == 1 or abs(i - j) == columns:
                a[i, j] = 1
            if neighbours == 8 and abs(i - j) in (columns - 1, columns + 1):
                a[i, j] = 1
    return a
""",
        "Ask for the column first",
    ),
    "row -1 is the last row": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    n = rows * columns
    a = np.zeros((n, n), dtype=int)
    moves = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    if neighbours == 8:
        moves += [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    for r in range(rows):
        for c in range(columns):
            for dr, dc in moves:
                if r + dr < rows and c + dc < columns:
                    a[r * columns + c, (r + dr) * columns + c + dc] = 1
    return a
""",
        "before the first",
    ),
    "squares of four pixels": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    n = rows * columns
    a = np.zeros((n, n))
    for r in range(rows - 1):
        for c in range(columns - 1):
            i = r * columns + c
            a[i, i + 1] = a[i + 1, i] = 1
            a[i, i + columns] = a[i + columns, i] = 1
            if neighbours == 8:
                a[i, i + columns + 1] = a[i + columns + 1, i] = 1
                a[i + 1, i + columns] = a[i + columns, i + 1] = 1
    return a
""",
        "along the last row",
    ),
    "whole diagonals of the matrix": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    n = rows * columns
    a = np.eye(n, k=1) + np.eye(n, k=-1) + np.eye(n, k=columns) + np.eye(n, k=-columns)
    if neighbours == 8:
        a += np.eye(n, k=columns + 1) + np.eye(n, k=-columns - 1)
        a += np.eye(n, k=columns - 1) + np.eye(n, k=1 - columns)
    return a
""",
        "where a row ends",
    ),
    "distances with a sign": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    row, column = np.divmod(np.arange(rows * columns), columns)
    down = row[:, None] - row
    right = column[:, None] - column
    if neighbours == 4:
        return (down + right == 1).astype(int)
    return (np.maximum(down, right) == 1).astype(int)
""",
        "Take absolute values",
    ),
    "P from the web, its degrees without loops": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    A = a + np.eye(len(a))
    D = np.diag(a.sum(axis=1))
    D_inv = np.linalg.inv(np.sqrt(D))
    return D_inv @ A @ D_inv
""",
        "do not count the self-loops",
    ),
    "a power of a diagonal matrix": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    A = a + np.eye(a.shape[0])
    D = np.diag(A.sum(axis=1))
    return D ** (-1/2) @ A @ D ** (-1/2)
""",
        "power of the whole matrix",
    ),
    "loops written into a": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    np.fill_diagonal(a, 1)
    d = a.sum(axis=1)
    return a / np.sqrt(np.outer(d, d))
""",
        "belongs to the caller",
    ),
    "over one root, times the other": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    A = a + np.eye(len(a))
    P = np.zeros(a.shape)
    d = A.sum(axis=1)
    for i in range(len(a)):
        for j in range(len(a)):
            P[i, j] = A[i, j] / np.sqrt(d[i]) * np.sqrt(d[j])
    return P
""",
        "`x / a * b` is (x / a) * b",
    ),
    "the half of a degree": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    A = a + np.eye(len(a))
    d = A.sum(axis=1)
    return A / d ** 1/2
""",
        "takes the first power and then halves",
    ),
    "loops at the end": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    d = a.sum(axis=1)
    P = a / np.sqrt(np.outer(d, d))
    return P + np.eye(len(a))
""",
        "You add the self-loops at the end",
    ),
    "sums of sums": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    A = a + np.eye(len(a))
    A = A / np.sqrt(A.sum(axis=1, keepdims=True))
    A = A / np.sqrt(A.sum(axis=0, keepdims=True))
    return A
""",
        "what is scaled already",
    ),
    "the start in every step": (
        "message_passing",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def message_passing(a, h, steps):
    P = normalised_adjacency(a)
    h_new = h
    for i in range(steps):
        h_new = P @ h
    return h_new
""",
        "let each step begin",
    ),
    "a power of every entry": (
        "message_passing",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def message_passing(a, h, steps):
    P = normalised_adjacency(a) ** steps
    return P @ h
""",
        "power of every entry",
    ),
    "a square of a square": (
        "message_passing",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def message_passing(a, h, steps):
    P = normalised_adjacency(a)
    for i in range(1, steps):
        P = P @ P
    return P @ h
""",
        "the eighth power",
    ),
    "normalised step by step": (
        "message_passing",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def message_passing(a, h, steps):
    for i in range(steps):
        a = normalised_adjacency(a)
        h = a @ h
    return h
""",
        "You normalise P again",
    ),
    "neighbours without oneself": (
        "message_passing",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def message_passing(a, h, steps):
    P = normalised_adjacency(a)
    for i in range(steps):
        new = np.zeros(h.shape)
        for j in range(len(h)):
            for k in range(len(h)):
                if a[j, k]:
                    new[j] += P[j, k] * h[k]
        h = new
    return h
""",
        "does not hear itself",
    ),
    "a message in the same step": (
        "message_passing",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def message_passing(a, h, steps):
    P = normalised_adjacency(a)
    for i in range(steps):
        for j in range(len(h)):
            h[j] = P[j] @ h
    return h
""",
        "within the same step",
    ),
    "known nodes talked round": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    known = labels >= 0
    n, k = len(labels), labels.max() + 1
    T = a + np.eye(n)
    T = T / T.sum(axis=1, keepdims=True)
    F = np.zeros((n, k))
    F[known, labels[known]] = 1
    Y = F.copy()
    for _ in range(steps):
        F = T @ F
    return F.argmax(axis=1)
""",
        "do not put back what is known",
    ),
    "put back at last": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    known = labels >= 0
    n, k = len(labels), labels.max() + 1
    T = a + np.eye(n)
    T = T / T.sum(axis=1, keepdims=True)
    F = np.zeros((n, k))
    F[known, labels[known]] = 1
    Y = F.copy()
    for _ in range(steps):
        F = T @ F
    F[known] = Y[known]
    return F.argmax(axis=1)
""",
        "once, at the end",
    ),
    "a start that is no copy": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    known = labels >= 0
    n, k = len(labels), labels.max() + 1
    T = a + np.eye(n)
    T = T / T.sum(axis=1, keepdims=True)
    F = np.zeros((n, k))
    F[known, labels[known]] = 1
    Y = F
    for _ in range(steps):
        F[:] = T @ F
        F[known] = Y[known]
    return F.argmax(axis=1)
""",
        "do not put back",
    ),
    "-1 for an index": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    known = labels >= 0
    n, k = len(labels), labels.max() + 1
    T = a + np.eye(n)
    T = T / T.sum(axis=1, keepdims=True)
    F = np.zeros((n, k))
    F[np.arange(n), labels] = 1
    Y = F.copy()
    for _ in range(steps):
        F = T @ F
        F[known] = Y[known]
    return F.argmax(axis=1)
""",
        "the index -1 is the last one",
    ),
    "nobody's label": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    known = labels >= 0
    n, k = len(labels), labels.max() + 1
    T = a + np.eye(n)
    T = T / T.sum(axis=1, keepdims=True)
    F = np.zeros((n, k))
    F[known, labels[known]] = 1
    Y = F.copy()
    for _ in range(steps):
        F = T @ F
        F[known] = Y[known]
    out = F.argmax(axis=1)
    out[F.sum(axis=1) == 0] = -1
    return out
""",
        "Every node gets a label",
    ),
    "a vote of the neighbours": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    out = labels.copy()
    for _ in range(steps):
        new = out.copy()
        for i in range(len(a)):
            if labels[i] == -1:
                near = [out[j] for j in range(len(a)) if a[i, j] == 1 and out[j] >= 0]
                if near:
                    new[i] = max(set(near), key=near.count)
        out = new
    return out
""",
        "let whole labels spread",
    ),
    "labels as numbers": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    scores = labels.astype(float)
    known = labels >= 0
    A = a + np.eye(len(a))
    A = A / A.sum(axis=1, keepdims=True)
    for _ in range(steps):
        scores = A @ scores
        scores[known] = labels[known]
    return np.round(scores).astype(int)
""",
        "They are names",
    ),
    "one column for each kind": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    known = labels >= 0
    n, k = len(labels), len(set(labels[known].tolist()))
    T = a + np.eye(n)
    T = T / T.sum(axis=1, keepdims=True)
    F = np.zeros((n, k))
    F[known, labels[known]] = 1
    Y = F.copy()
    for _ in range(steps):
        F = T @ F
        F[known] = Y[known]
    return F.argmax(axis=1)
""",
        "Labels may leave numbers out",
    ),
    "no ReLU": (
        "gcn_forward",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def gcn_forward(a, x, w1, w2):
    P = normalised_adjacency(a)
    return P @ (P @ x @ w1) @ w2
""",
        "ReLU is missing",
    ),
    "neighbours once": (
        "gcn_forward",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def gcn_forward(a, x, w1, w2):
    P = normalised_adjacency(a)
    h = np.maximum(P @ x @ w1, 0)
    return h @ w2
""",
        "second layer does not listen",
    ),
    "ReLU in a loop over copies": (
        "gcn_forward",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def gcn_forward(a, x, w1, w2):
    P = normalised_adjacency(a)
    h = P @ x @ w1
    for row in h:
        for v in row:
            if v < 0:
                v = 0
    return P @ h @ w2
""",
        "ReLU is missing",
    ),
    "weights on their side": (
        "gcn_forward",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def gcn_forward(a, x, w1, w2):
    P = normalised_adjacency(a)
    h = np.maximum(P @ x @ w1.T, 0)
    return P @ h @ w2.T
""",
        "transpose the weights",
    ),
    "a leak": (
        "gcn_forward",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def gcn_forward(a, x, w1, w2):
    P = normalised_adjacency(a)
    h = np.where(P @ x @ w1 > 0, P @ x @ w1, 0.01 * (P @ x @ w1))
    return P @ h @ w2
""",
        "a hundredth",
    ),
    "the mean of no examples": (
        "measure_reader",
        """
def measure_reader(y, predicted):
    e = np.mean(y != predicted)
    shares = [np.mean(predicted[y == d] != d) for d in range(10)]
    table = np.zeros((10, 10), int)
    np.add.at(table, (y, predicted), 1)
    np.fill_diagonal(table, 0)
    pair = divmod(int(table.argmax()), 10)
    return e, np.sqrt(e * (1 - e) / len(y)), int(np.argmax(shares)), pair
""",
        "A digit that never comes",
    ),
    "a table of pairs by fancy indices": (
        "measure_reader",
        """
def measure_reader(y, predicted):
    e = np.mean(y != predicted)
    shares = [np.mean(predicted[y == d] != d) if np.any(y == d) else 0 for d in range(10)]
    table = np.zeros((10, 10), int)
    table[y, predicted] += 1
    np.fill_diagonal(table, 0)
    pair = divmod(int(table.argmax()), 10)
    return e, np.sqrt(e * (1 - e) / len(y)), int(np.argmax(shares)), pair
""",
        "counts once",
    ),
    "the confusion of the worst digit": (
        "measure_reader",
        """
def measure_reader(y, predicted):
    e = np.mean(y != predicted)
    shares = [np.mean(predicted[y == d] != d) if np.any(y == d) else 0 for d in range(10)]
    worst = int(np.argmax(shares))
    read = np.bincount(predicted[y == worst], minlength=10)
    read[worst] = 0
    return e, np.sqrt(e * (1 - e) / len(y)), worst, (worst, int(read.argmax()))
""",
        "worst digit alone",
    ),
    "no root in the choice": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    best = e.min()
    return int(np.argmax(e <= best + best * (1 - best) / n))
""",
        "n stands under the root",
    ),
    "each machine its own error": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    for i in range(len(e)):
        if e[i] <= e.min() + np.sqrt(e[i] * (1 - e[i]) / n):
            return i
""",
        "its own standard error",
    ),
    "below the limit": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    best = e.min()
    return int(np.argmax(e < best + np.sqrt(best * (1 - best) / n)))
""",
        "`At most` is <=",
    ),
}

# name: (function, code): unusual, and right
RIGHT = {
    "digits in dictionaries": (
        "measure_reader",
        """
from collections import Counter
def measure_reader(y, predicted):
    pairs = [(int(a), int(b)) for a, b in zip(y, predicted) if a != b]
    e = len(pairs) / len(y)
    meant, missed = Counter(y.tolist()), Counter(a for a, b in pairs)
    worst = max(sorted(meant), key=lambda d: missed[d] / meant[d])
    often = Counter(sorted(pairs))
    return e, (e * (1 - e) / len(y)) ** 0.5, worst, often.most_common(1)[0][0]
""",
    ),
    "shapes by zip_longest": (
        "broadcast_shape",
        """
from itertools import zip_longest
def broadcast_shape(a, b):
    pairs = list(zip_longest(reversed(a), reversed(b), fillvalue=1))
    if any(m != n and 1 not in (m, n) for m, n in pairs):
        return False
    return [max(p) for p in pairs][::-1]
""",
    ),
    "rows as nested lists": (
        "one_hot",
        """
def one_hot(y, classes):
    return [[1 if c == label else 0 for c in range(classes)] for label in y]
""",
    ),
    "batches as an array": (
        "batches",
        """
def batches(n, size):
    starts = np.arange(0, n, size)
    return np.column_stack([starts, np.minimum(starts + size, n)])
""",
    ),
    "features one by one": (
        "standardise",
        """
def standardise(train, test):
    a, b = np.empty(train.shape), np.empty(test.shape)
    for j in range(train.shape[1]):
        m = sum(train[:, j]) / len(train)
        s = (sum((v - m) ** 2 for v in train[:, j]) / len(train)) ** 0.5
        if s == 0:
            s = 1
        a[:, j] = (train[:, j] - m) / s
        b[:, j] = (test[:, j] - m) / s
    return a, b
""",
    ),
    "one step found by trying": (
        "collapse",
        """
def collapse(w1, b1, w2, b2):
    step = lambda x: (x @ w1 + b1) @ w2 + b2
    b = step(np.zeros(len(w1)))
    return step(np.eye(len(w1))) - b, b
""",
    ),
    "absolute differences and votes": (
        "most_alike",
        """
def most_alike(train_x, train_y, test_x):
    apart = np.abs(test_x[:, None, :] - train_x[None]).sum(-1)
    three = train_y[np.argsort(apart, axis=1)[:, :3]]
    return np.array([np.bincount(row, minlength=10).argmax() for row in three])
""",
    ),
    "nan left out of the sum": (
        "entropy",
        """
def entropy(p, base=2):
    return -np.nansum(p * np.log(p)) / np.log(base)
""",
    ),
    "infinity by division": (
        "kl",
        """
def kl(p, q):
    return np.nansum(p * np.log2(p / q))
""",
    ),
    "no shares, only counts": (
        "ngram_entropy",
        """
def ngram_entropy(text, n):
    def bits(k):
        blocks = [text[i : i + k] for i in range(len(text) - k + 1)]
        return np.log2(len(blocks)) - np.mean([np.log2(blocks.count(b)) for b in blocks])

    return bits(n) - bits(n - 1)
""",
    ),
    "a chosen row of the transposed": (
        "cross_entropy",
        """
def cross_entropy(p, y):
    return np.log(1 / np.choose(y, p.T)).sum() / p.shape[0]
""",
    ),
    "a softmax of differences": (
        "softmax_ce_grad",
        """
def softmax_ce_grad(z, y):
    far = np.clip(z[:, None, :] - z[:, :, None], -700, 700)
    return (1 / np.exp(far).sum(axis=2) - (np.arange(z.shape[1]) == y[:, None])) / len(z)
""",
    ),
    "a list comprehension": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    score = sum(a * b for a, b in zip(w, x))
    return [a + y * b for a, b in zip(w, x)] if y * score <= 0 else list(w)
""",
    ),
    "a tuple": (
        "sgd_step",
        """
def sgd_step(w, grad, learning_rate):
    return tuple(a - learning_rate * b for a, b in zip(w, grad))
""",
    ),
    "a lambda": (
        "sgd_step",
        "sgd_step = lambda w, grad, learning_rate: w - learning_rate * grad\n",
    ),
    "type hints": (
        "sgd_step",
        """
from numpy.typing import NDArray
def sgd_step(w: NDArray[np.float64], grad: "NDArray", learning_rate: float = 0.1) -> NDArray:
    new: NDArray[np.float64] = w - learning_rate * grad
    return new
""",
    ),
    "einsum": (
        "merge_layers",
        """
def merge_layers(W1, b1, W2, b2):
    return np.einsum("ij,jk->ik", W1, W2), np.einsum("j,jk->k", b1, W2) + b2
""",
    ),
    "a class": (
        "neuron",
        """
class Neuron:
    def __init__(self, w, b):
        self.w, self.b = w, b
    def __call__(self, x):
        z = float(self.w @ x + self.b)
        return 1 / (1 + np.exp(-z)) if z > 0 else np.exp(z) / (1 + np.exp(z))
def neuron(x, w, b):
    return Neuron(w, b)(x)
""",
    ),
    "an array without axes": (
        "neuron",
        """
def neuron(x, w, b):
    z = np.clip(np.dot(w, x) + b, -700, 700)
    return np.array(1 / (1 + np.exp(-z)))
""",
    ),
    "a recursion": (
        "receptive_field",
        """
def receptive_field(layers):
    if not layers:
        return 1
    *first, (k, stride) = layers
    jump = int(np.prod([s for _, s in first], initial=1))
    return receptive_field(first) + (k - 1) * jump
""",
    ),
    "an array for two values": (
        "sigmoid_centre",
        """
def sigmoid_centre(w, b):
    return np.array([-b / w, w / 4])
""",
    ),
    "a helper under if": (
        "half_squared_error",
        """
if True:
    def square(x):
        return x ** 2
def half_squared_error(t, o):
    return np.float64(square(np.asarray(t) - o).sum() / 2)
""",
    ),
    "weights that are put back": (
        "numeric_grad",
        """
def numeric_grad(x, t, w, b, eps):
    def error():
        h = 1 / (1 + np.exp(-(np.array([x @ w[0:2], x @ w[2:4]]) + b[0])))
        o = 1 / (1 + np.exp(-(np.array([h @ w[4:6], h @ w[6:8]]) + b[1])))
        return 0.5 * np.sum((t - o) ** 2)
    grad = []
    for i in range(8):
        w[i] += eps
        above = error()
        w[i] -= 2 * eps
        below = error()
        w[i] += eps
        grad.append((above - below) / (2 * eps))
    return grad
""",
    ),
    "a dictionary with a default": (
        "reverse_mode",
        """
from collections import defaultdict
def reverse_mode(tape):
    grads = defaultdict(float)
    names = list(tape)
    grads[names[-1]] = 1.0
    for name in reversed(names):
        for source, slope in tape[name]:
            grads[source] += grads[name] * slope
    for name in names:
        grads[name] += 0.0
    return grads
""",
    ),
    "a matrix of NumPy's": (
        "merge_layers",
        """
def merge_layers(W1, b1, W2, b2):
    return np.matrix(W1) * np.matrix(W2), b1 @ W2 + b2
""",
    ),
    "nested lists": (
        "rnn_forward",
        """
def rnn_forward(x, h0, W, U, b):
    h, states = h0, []
    for row in x:
        h = np.tanh(row @ W + h @ U + b)
        states.append(h.tolist())
    return states
""",
    ),
    "np.bool_ for True": (
        "is_separable",
        """
def is_separable(X, y):
    w = np.zeros(X.shape[1])
    for _ in range(200):
        for row, label in zip(X, y):
            if label * (w @ row) <= 0:
                w = w + label * row
    return np.all(y * (X @ w) > 0)
""",
    ),
    "Nesterov with the old velocity": (
        "momentum_step",
        """
def momentum_step(w, v, grad, learning_rate, momentum, nesterov):
    v_prev = v
    v = momentum * v - learning_rate * grad
    if nesterov:
        return w - momentum * v_prev + (1 + momentum) * v, v
    return w + v, v
""",
    ),
    "both kinds of momentum in one formula": (
        "momentum_step",
        """
def momentum_step(w, v, grad, learning_rate, momentum, nesterov):
    step = -learning_rate * grad
    v = momentum * v + step
    look = int(nesterov)
    return w + momentum**look * v + look * step, v
""",
    ),
    "Adam as PyTorch writes it": (
        "adam_step",
        """
def adam_step(w, m, s, grad, t, learning_rate, beta_1, beta_2, epsilon):
    m = m + (1 - beta_1) * (grad - m)
    s = beta_2 * s + (1 - beta_2) * grad * grad
    denom = np.sqrt(s) / np.sqrt(1 - beta_2**t) + epsilon
    return w - (learning_rate / (1 - beta_1**t)) * (m / denom), m, s
""",
    ),
    "Adam with a rate and an epsilon of each step": (
        "adam_step",
        """
def adam_step(w, m, s, grad, t, learning_rate, beta_1, beta_2, epsilon):
    root = np.sqrt(1 - beta_2**t)
    rate = learning_rate * root / (1 - beta_1**t)
    m = m * beta_1 + grad * (1 - beta_1)
    s = s * beta_2 + np.square(grad) * (1 - beta_2)
    return w - rate * m / (s**0.5 + epsilon * root), m, s
""",
    ),
    "a squared cosine": (
        "cosine_decay",
        """
def cosine_decay(step, steps, learning_rate):
    import math
    return 0 if step >= steps else learning_rate * math.cos(math.pi * step / steps / 2) ** 2
""",
    ),
    "a rate that steps back": (
        "cosine_decay",
        """
def cosine_decay(step, steps, learning_rate):
    while step > steps:
        step -= 1
    return learning_rate - learning_rate * np.sin(np.pi / 2 * step / steps) ** 2
""",
    ),
    "a fall of nothing first": (
        "lr_range_test",
        """
def lr_range_test(rates, losses):
    before = losses[:np.argmin(losses) + 1]
    return rates[np.argmin(np.diff(before, prepend=before[0]))]
""",
    ),
    "what lies beyond is masked": (
        "lr_range_test",
        """
def lr_range_test(rates, losses):
    with np.errstate(invalid="ignore"):
        falls = np.r_[0.0, losses[:-1] - losses[1:]]
    falls[np.arange(len(losses)) > losses.argmin()] = -np.inf
    return rates[falls.argmax()].item()
""",
    ),
    "Newton's method": (
        "cross_ravine",
        """
def cross_ravine(x, y):
    w = np.zeros(x.shape[1])
    for _ in range(15):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve((x.T * (p * (1 - p))) @ x, x.T @ (p - y))
    return w
""",
    ),
    "blocks of a GRU by np.split": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    W, U = params["wx"], params["wh"]
    sig = lambda v: 0.5 * (1 + np.tanh(v / 2))
    az, ar, ag = np.split(np.einsum("i,ij->j", x, W) + params["b"], 3)
    Uz, Ur, Ug = np.hsplit(U, 3)
    bz, br, bg = np.split(params["b_h"] * reset_after, 3)
    z, r = sig(az + h @ Uz + bz), sig(ar + h @ Ur + br)
    n = np.tanh(ag + r * (h @ Ug + bg)) if reset_after else np.tanh(ag + np.dot(r * h, Ug))
    return n + z * (h - n)
""",
    ),
    "targets rolled and set": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    inputs = np.roll(targets, 1, axis=1)
    inputs[:, 0] = start
    return inputs, targets.copy()
""",
    ),
    "columns by zip_longest": (
        "pad_left",
        """
from itertools import zip_longest
def pad_left(rows, pad):
    columns = list(zip_longest(*(r[::-1] for r in rows), fillvalue=pad))
    return np.array(columns).T[:, ::-1]
""",
    ),
    "weights by differences": (
        "attend",
        """
def attend(query, states):
    s = np.einsum("tu,u->t", states, query)
    w = 1 / np.exp(s[None, :] - s[:, None]).sum(axis=1)
    return np.einsum("t,tu", w, states), w
""",
    ),
    "a beam of arrays": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    n = len(log_p)
    totals, rows = np.zeros(1), np.array([[start]])
    frozen = np.full(n, -np.inf); frozen[stop] = 0
    table = np.array(log_p, float); table[stop] = frozen
    for _ in range(longest):
        scores = totals[:, None] + table[rows[:, -1]]
        order = np.argsort(-scores, axis=None)[:width]
        which, token = np.unravel_index(order, scores.shape)
        totals = scores.ravel()[order]
        rows = np.column_stack([rows[which], token])
    best = rows[0, 1:].tolist()
    if stop in best:
        best = best[: best.index(stop) + 1]
    return best, totals[0]
""",
    ),
    "not a number, made 0": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    s = np.where(mask, scores, -np.inf)
    p = np.exp(s - s.max(axis=1, keepdims=True))
    return np.nan_to_num(p / p.sum(axis=1, keepdims=True))
""",
    ),
    "a masked array": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    s = np.ma.array(scores, mask=~mask)
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).filled(0)
""",
    ),
    "lists of True and False": (
        "causal_mask",
        """
def causal_mask(length):
    return [[j <= i for j in range(length)] for i in range(length)]
""",
    ),
    "attention by einsum": (
        "attention",
        """
def softmax_rows(scores, mask):
    shown = np.where(mask, scores, -np.inf)
    top = np.where(mask.any(axis=1), shown.max(axis=1), 0)
    p = np.exp(shown - top[:, None])
    total = p.sum(axis=1)
    return p / np.where(total == 0, 1, total)[:, None]


def causal_mask(length):
    return np.tri(length) > 0



def attention(q, k, v, causal):
    s = np.einsum('id,jd->ij', q, k) * k.shape[1] ** -0.5
    m = np.array(causal_mask(len(q)) if causal else [[True] * len(k)] * len(q))
    w = softmax_rows(s, m)
    return [np.einsum('ij,jd->id', w, v), w]
""",
    ),
    "attention in loops": (
        "attention",
        """
def attention(q, k, v, causal):
    out, W = [], []
    for i in range(len(q)):
        last = i + 1 if causal else len(k)
        s = np.array([np.dot(q[i], k[j]) for j in range(last)]) / len(q[0]) ** 0.5
        e = np.exp(s - s.max())
        e = e / e.sum()
        W.append(list(e) + [0.0] * (len(k) - last))
        out.append(sum(e[j] * v[j] for j in range(last)))
    return np.array(out), np.array(W)
""",
    ),
    "columns split off": (
        "split_heads",
        """
def split_heads(x, heads):
    return np.split(x, heads, axis=1)
""",
    ),
    "heads side by side": (
        "join_heads",
        """
def join_heads(x):
    return np.hstack(x)
""",
    ),
    "a rate by logarithms": (
        "sinusoidal_positions",
        """
def sinusoidal_positions(length, width):
    t = np.arange(length)[:, None]
    r = np.exp(-np.arange(0, width, 2) * np.log(10000.0) / width)
    p = np.zeros((length, width))
    p[:, 0::2] = np.sin(t * r)
    p[:, 1::2] = np.cos(t * r)
    return p
""",
    ),
    "bells: squares taken apart": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    d = (x**2).sum(1)[:, None] - 2 * x @ centres.T + (centres**2).sum(1)
    return np.exp(-beta * np.maximum(d, 0))
""",
    ),
    "bells: a product of bells": (
        "rbf_features",
        """
def rbf_features(x, centres, beta):
    return np.prod(np.exp(-beta * (x[:, None] - centres) ** 2), axis=-1)
""",
    ),
    "fit: rows for the ridge": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    n, k = features.shape
    A = np.hstack([features, np.ones((n, 1))])
    P = np.sqrt(ridge) * np.eye(k, k + 1)
    return np.linalg.lstsq(np.vstack([A, P]), np.append(y, np.zeros(k)), rcond=None)[0]
""",
    ),
    "fit: centred first": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    m = features.mean(axis=0)
    F = features - m
    w = np.linalg.pinv(F.T @ F + ridge * np.eye(F.shape[1])) @ F.T @ (y - y.mean())
    return np.append(w, y.mean() - m @ w)
""",
    ),
    "k-means: stops by clusters": (
        "kmeans",
        """
def kmeans(x, centres):
    old, centres = None, [np.array(c, float) for c in centres]
    while True:
        near = [min(range(len(centres)), key=lambda j: ((p - centres[j]) ** 2).sum()) for p in x]
        if near == old:
            return np.array(centres)
        old = near
        for j in set(near):
            centres[j] = np.mean([p for p, m in zip(x, near) if m == j], axis=0)
""",
    ),
    "k-means: calls itself": (
        "kmeans",
        """
def kmeans(x, centres):
    near = ((x[:, None] - centres) ** 2).sum(2).argmin(1)
    one = np.eye(len(centres))[near]
    n = one.sum(0)
    new = np.where(n[:, None] > 0, one.T @ x / np.maximum(n, 1)[:, None], centres)
    return new if np.allclose(new, centres) else kmeans(x, new)
""",
    ),
    "k-means: a hundred rounds": (
        "kmeans",
        """
def kmeans(x, centres):
    for _ in range(100):
        near = np.argmin(np.linalg.norm(x[:, None] - centres, axis=2), axis=1)
        means = [x[near == j].mean(axis=0) if j in near else c for j, c in enumerate(centres)]
        centres = np.array(means)
    return centres
""",
    ),
    "shares: a softmax of logarithms": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    with np.errstate(divide="ignore"):
        z = np.log(gate) - errors / (2 * variance)
    z = z - z.max(axis=1, keepdims=True)
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
""",
    ),
    "shares: row by row": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    rows = []
    for g, e in zip(gate, errors):
        p = [a * np.exp(-(b - min(e)) / variance / 2) for a, b in zip(g, e)]
        rows.append([q / sum(p) for q in p])
    return rows
""",
    ),
    "loss: logaddexp": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    with np.errstate(divide="ignore"):
        z = np.log(gate) - (target - outputs) ** 2 / 2
    return -np.logaddexp.reduce(z, axis=1)
""",
    ),
    "loss: row by row": (
        "mixture_loss",
        """
import math
def mixture_loss(gate, outputs, target):
    losses = []
    for g, o, (t,) in zip(gate, outputs, target):
        m = min((t - v) ** 2 for v in o)
        terms = [a * math.exp(-((t - v) ** 2 - m) / 2) for a, v in zip(g, o)]
        losses.append(m / 2 - math.log(sum(terms)))
    return losses
""",
    ),
    "k-means: lists and a key": (
        "kmeans",
        """
def kmeans(x, centres):
    c = [list(map(float, q)) for q in centres]
    while True:
        groups = [[] for _ in c]
        for p in x:
            groups[min(range(len(c)), key=lambda j: np.sum((p - c[j]) ** 2))].append(p)
        new = [list(np.mean(g, axis=0)) if g else q for g, q in zip(groups, c)]
        if new == c:
            return c
        c = new
""",
    ),
    "fit: a matrix of blocks": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    n, k = features.shape
    F, one = features, np.ones((n, 1))
    M = np.block([[F.T @ F + ridge * np.identity(k), F.T @ one], [one.T @ F, one.T @ one]])
    return np.linalg.inv(M) @ np.concatenate([F.T @ y, [y.sum()]])
""",
    ),
    "loss: the largest exponent": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    z = np.log(np.maximum(gate, 1e-300)) - 0.5 * (outputs - target) ** 2
    m = z.max(axis=1, keepdims=True)
    return -(m + np.log(np.exp(z - m).sum(axis=1, keepdims=True)))[:, 0]
""",
    ),
    "a grid of True and False": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    row, column = np.divmod(np.arange(rows * columns), columns)
    d = (row[:, None] - row) ** 2 + (column[:, None] - column) ** 2
    return (d > 0) & (d <= (1 if neighbours == 4 else 2))
""",
    ),
    "a grid of two paths": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    path = lambda n: np.eye(n, k=1) + np.eye(n, k=-1)
    if neighbours == 4:
        return np.kron(path(rows), np.eye(columns)) + np.kron(np.eye(rows), path(columns))
    both = np.kron(path(rows) + np.eye(rows), path(columns) + np.eye(columns))
    return both - np.eye(rows * columns)
""",
    ),
    "lists of 0 and 1": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    n = rows * columns
    a = [[0] * n for _ in range(n)]
    for r in range(rows):
        for c in range(columns):
            for dr in (-1, 0, 1):
                for dc in (-1, 0, 1):
                    if (dr, dc) == (0, 0) or neighbours == 4 and dr * dc:
                        continue
                    if 0 <= r + dr < rows and 0 <= c + dc < columns:
                        a[r * columns + c][(r + dr) * columns + c + dc] = 1
    return a
""",
    ),
    "P by an inverse": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    A = a + np.eye(len(a))
    D = np.diag(A.sum(axis=1))
    root = np.linalg.inv(np.sqrt(D))
    return root @ A @ root
""",
    ),
    "P in lists": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    n = len(a)
    d = [1 + sum(a[i]) for i in range(n)]
    return [[((i == j) + a[i][j]) / (d[i] * d[j]) ** 0.5 for j in range(n)] for i in range(n)]
""",
    ),
    "a power of P": (
        "message_passing",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def message_passing(a, h, steps):
    return np.linalg.matrix_power(normalised_adjacency(a), steps) @ h
""",
    ),
    "messages by eigenvectors": (
        "message_passing",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def message_passing(a, h, steps):
    v, V = np.linalg.eigh(normalised_adjacency(a))
    return V @ np.diag(v ** steps) @ V.T @ h
""",
    ),
    "labels in lists": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    names = sorted(set(labels[labels >= 0].tolist()) | {0})
    F = [[1.0 if l == c else 0.0 for c in names] for l in labels]
    for _ in range(steps):
        G = []
        for i in range(len(a)):
            if labels[i] >= 0:
                G.append(F[i])
                continue
            near = [j for j in range(len(a)) if a[i, j] or i == j]
            G.append([sum(F[j][c] for j in near) / len(near) for c in range(len(names))])
        F = G
    return [names[max(range(len(names)), key=lambda c: row[c])] for row in F]
""",
    ),
    "known nodes that listen to nobody": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    known = labels >= 0
    n, k = len(labels), labels.max() + 1
    T = a + np.eye(n)
    T = T / T.sum(axis=1, keepdims=True)
    F = np.zeros((n, k))
    F[known, labels[known]] = 1
    Y = F.copy()
    T[known] = np.eye(n)[known]
    return (np.linalg.matrix_power(T, steps) @ F).argmax(axis=1)
""",
    ),
    "two layers in a loop": (
        "gcn_forward",
        """
def gcn_forward(a, x, w1, w2):
    A = a + np.eye(len(a))
    s = A.sum(axis=0) ** -0.5
    for w, last in ((w1, False), (w2, True)):
        x = s[:, None] * (A @ (s[:, None] * (x @ w)))
        x = x if last else x * (x > 0)
    return x
""",
    ),
    "two layers by einsum": (
        "gcn_forward",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def gcn_forward(a, x, w1, w2):
    P = normalised_adjacency(a)
    h = np.einsum('ij,jf,fu->iu', P, x, w1)
    h[h < 0] = 0
    return np.einsum('ij,jf,fu->iu', P, h, w2).tolist()
""",
    ),
    "unknown nodes that begin alike": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    known = labels >= 0
    n, k = len(labels), labels.max() + 1
    T = a + np.eye(n)
    T = T / T.sum(axis=1, keepdims=True)
    F = np.full((n, k), 1 / k)
    F[known] = 0
    F[known, labels[known]] = 1
    Y = F.copy()
    for _ in range(steps):
        F = T @ F
        F[known] = Y[known]
    return F.argmax(axis=1)
""",
    ),
}
