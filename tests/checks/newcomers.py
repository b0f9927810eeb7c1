"""A second set of answers as beginners write them, from the texts of the exercises alone.

They were written before anybody looked at what the checks know.
"""

# The network that `numeric_grad` and `train_2_2_2` need, as a learner has it by then.
FORWARD = """
def forward_2_2_2(x, w, b):
    s = lambda z: 1 / (1 + np.exp(-z))
    h = s(w[:4].reshape(2, 2) @ x + b[0])
    return h, s(w[4:].reshape(2, 2) @ h + b[1])


def half_squared_error(t, o):
    return 0.5 * np.sum((t - o) ** 2)


def backward_2_2_2(x, t, w, b):
    h, o = forward_2_2_2(x, w, b)
    d = (o - t) * o * (1 - o)
    e = (w[4:].reshape(2, 2).T @ d) * h * (1 - h)
    grad_w = np.concatenate([np.outer(e, x).ravel(), np.outer(d, h).ravel()])
    return grad_w, np.array([e.sum(), d.sum()])

"""

# name: (function, code, words that the hint must contain)
WRONG = {
    "prints for return": (
        "mp_neuron",
        """
def mp_neuron(x, inhibitory, threshold):
    if (x * inhibitory).sum() > 0:
        print(0)
    elif (x * (1 - inhibitory)).sum() >= threshold:
        print(1)
    else:
        print(0)
""",
        "Your function prints its result but returns",
    ),
    "sum typed backwards": (
        "mp_neuron",
        """
def mp_neuron(x, inhibitory, threshold):
    total = 0
    for i in range(len(x)):
        if inhibitory[i] == 1:
            if x[i] == 1:
                return 0
        else:
            total =+ x[i]
    return 1 if total >= threshold else 0
""",
        "`=` and `+` have changed places: `total =+",
    ),
    "no answer below the threshold": (
        "mp_neuron",
        """
def mp_neuron(x, inhibitory, threshold):
    total = 0
    for i in range(len(x)):
        if inhibitory[i] == 1 and x[i] == 1:
            return 0
        total += x[i]
    if total >= threshold:
        return 1
""",
        "On this input your function returns None, on",
    ),
    "names without quotes": (
        "gate_weights",
        """
def gate_weights(name, n):
    if name == AND:
        return np.ones(n), 0.5 - n
    if name == OR:
        return np.ones(n), -0.5
    if name == NAND:
        return -np.ones(n), n - 0.5
    return -np.ones(n), 0.5
""",
        "The name AND has no value. A text stands in",
    ),
    "bias at the threshold itself": (
        "gate_weights",
        """
def gate_weights(name, n):
    w = np.ones(n)
    b = -n if name in ("AND", "NAND") else -1
    if name[0] == "N":
        w = -w
        b = -b
    return w, b
""",
        "Your bias takes a whole step, n or 1. It lies",
    ),
    "ones without a number": (
        "gate_weights",
        """
def gate_weights(name, n):
    if name == "AND":
        return np.ones() * n, 0.5 - n
    if name == "OR":
        return np.ones() * n, -0.5
    if name == "NAND":
        return -np.ones() * n, n - 0.5
    if name == "NOR":
        return -np.ones() * n, 0.5
""",
        "`np.ones` needs `shape`: put it into the",
    ),
    "the minus before the product": (
        "neuron",
        """
def neuron(x, w, b):
    return 1 / (1 + np.exp(-w @ x + b))
""",
        "Your score is w . x - b, but the bias is added.",
    ),
    "e as a letter": (
        "neuron",
        """
def neuron(x, w, b):
    z = sum(w * x) + b
    return 1 / (1 + e ** -z)
""",
        "The name e has no value. A power of e is",
    ),
    "compares with a sign": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    if y * (w @ x) <= 0:
        return y * x
    return w
""",
        "You return the change `y * x` alone. Return the",
    ),
    "w is not returned when it is right": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    score = np.dot(x, w)
    if score * y <= 0:
        w = w + x * y
        return w
""",
        "On this input your function returns None, on",
    ),
    "a score of zero is taken for the first class": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    prediction = 1 if w @ x >= 0 else -1
    if prediction != y:
        return w + y * x
    return w
""",
        "You count a score of exactly 0 as class +1. It",
    ),
    "returned in the outer loop": (
        "perceptron_fit",
        """
def perceptron_fit(X, y, max_epochs):
    w = np.zeros(X.shape[1])
    mistakes = 0
    for epoch in range(1, max_epochs + 1):
        before = mistakes
        for i in range(X.shape[0]):
            if y[i] * np.dot(w, X[i]) <= 0:
                w = w + y[i] * X[i]
                mistakes += 1
        return w, mistakes, epoch
""",
        "You stop after the first epoch: the `return`",
    ),
    "stops at the first mistake": (
        "perceptron_fit",
        """
def perceptron_fit(X, y, max_epochs):
    w = np.zeros(X.shape[1])
    mistakes = epochs = 0
    for _ in range(max_epochs):
        epochs += 1
        clean = True
        for xi, yi in zip(X, y):
            if yi * (w @ xi) <= 0:
                w = w + yi * xi
                mistakes += 1
                clean = False
                break
        if clean:
            break
    return w, mistakes, epochs
""",
        "An epoch of yours ends at its first mistake.",
    ),
    "all samples at once": (
        "perceptron_fit",
        """
def perceptron_fit(X, y, max_epochs):
    w = np.zeros(X.shape[1])
    mistakes = 0
    for epoch in range(max_epochs):
        wrong = y * (X @ w) <= 0
        if not wrong.any():
            return w, mistakes, epoch + 1
        mistakes += int(wrong.sum())
        w = w + (y[wrong][:, None] * X[wrong]).sum(axis=0)
    return w, mistakes, max_epochs
""",
        "You test all samples of an epoch with the",
    ),
    "the norm of the whole table": (
        "novikoff_bound",
        """
def novikoff_bound(X, y, w_star):
    R = np.linalg.norm(X)
    gamma = (y * (X @ w_star)).min() / np.linalg.norm(w_star)
    return (R / gamma) ** 2 if gamma > 0 else np.inf
""",
        "You take the norm of all of X at once. R is the",
    ),
    "the margin of the absolute": (
        "novikoff_bound",
        """
def novikoff_bound(X, y, w_star):
    R = np.linalg.norm(X, axis=1).max()
    gamma = np.abs(X @ w_star).min() / np.linalg.norm(w_star)
    if gamma == 0:
        return np.inf
    return (R / gamma) ** 2
""",
        "You take the distance from the line without its",
    ),
    "zero scores count as right": (
        "is_separable",
        """
def is_separable(X, y):
    w = np.zeros(X.shape[1])
    for epoch in range(200):
        for xi, yi in zip(X, y):
            if yi * (w @ xi) < 0:
                w = w + yi * xi
    return bool((y * (X @ w) >= 0).all())
""",
        "You return True for everything, also where no",
    ),
    "softmax without keepdims": (
        "softmax",
        """
def softmax(z):
    e = np.exp(z - np.max(z, axis=1))
    return e / np.sum(e, axis=1)
""",
        "Two arrays do not fit together here. Shape (2,)",
    ),
    "a max without brackets": (
        "softmax",
        """
def softmax(z):
    shifted = z - z.max
    e = np.exp(shifted)
    return e / e.sum(axis=1, keepdims=True)
""",
        "`z.max` only names the function. Brackets call",
    ),
    "shifted by the smallest": (
        "softmax",
        """
def softmax(z):
    e = np.exp(z - z.min(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
        "What you subtract is not the largest number of",
    ),
    "rows in a loop, the sum of all": (
        "softmax",
        """
def softmax(z):
    rows = []
    total = 0
    for row in z:
        e = np.exp(row - max(row))
        total += sum(e)
        rows.append(e / total)
    return np.array(rows)
""",
        "Your sum goes on from row to row, so only the",
    ),
    "biases are added": (
        "merge_layers",
        """
def merge_layers(W1, b1, W2, b2):
    W = np.dot(W1, W2)
    b = b1 + b2
    return W, b
""",
        "You add the biases as they are. The first one",
    ),
    "sigmoid at the end": (
        "mlp_forward",
        """
def mlp_forward(x, W1, b1, W2, b2):
    h = np.maximum(0, x @ W1 + b1)
    return 1 / (1 + np.exp(-(h @ W2 + b2)))
""",
        "You return the sigmoid of the right result.",
    ),
    "the sum leaves the relu out": (
        "mlp_forward",
        """
def mlp_forward(x, W1, b1, W2, b2):
    h = x @ W1 + b1
    h[h < 0] == 0
    return h @ W2 + b2
""",
        "There is no activation between the layers, so",
    ),
    "y as a column": (
        "xor_net",
        """
def xor_net(x):
    h = np.where(x @ np.array([[1, 1], [1, 1]]) - np.array([0.5, 1.5]) >= 0, 1.0, 0.0)
    y = np.where(h @ np.array([[1], [-1]]) - 0.5 >= 0, 1.0, 0.0)
    return h, y
""",
        "The shape of y is (4, 1) and should be (4,): there",
    ),
    "the intervals are unpacked in the wrong place": (
        "bumps_net",
        """
def bumps_net(x, intervals):
    left, right = intervals
    return np.where((x >= left) & (x < right), 1.0, 0.0)
""",
        "On the left stand 2 names, `(left, right)`, and",
    ),
    "and for arrays": (
        "bumps_net",
        """
def bumps_net(x, intervals):
    y = np.zeros_like(x)
    for l, r in intervals:
        if x >= l and x < r:
            y += 1
    return y
""",
        "Python needs one True or False here, and got an",
    ),
    "o from x": (
        "forward_2_2_2",
        """
def forward_2_2_2(x, w, b):
    h = 1 / (1 + np.exp(-(w[:4].reshape(2, 2) @ x + b[0])))
    o = 1 / (1 + np.exp(-(w[4:].reshape(2, 2) @ x + b[1])))
    return h, o
""",
        "Your outputs read the inputs x. They must read",
    ),
    "weights counted from one": (
        "forward_2_2_2",
        """
def forward_2_2_2(x, w, b):
    def s(z):
        return 1 / (1 + np.exp(-z))
    h1 = s(w[1] * x[0] + w[2] * x[1] + b[0])
    h2 = s(w[3] * x[0] + w[4] * x[1] + b[0])
    o1 = s(w[5] * h1 + w[6] * h2 + b[1])
    o2 = s(w[7] * h1 + w[8] * h2 + b[1])
    return np.array([h1, h2]), np.array([o1, o2])
""",
        "This asks for index 8, and the 8 entries have",
    ),
    "the error is the square of the sum": (
        "half_squared_error",
        """
def half_squared_error(t, o):
    return 0.5 * np.sum(t - o) ** 2
""",
        "You square the sum of the differences. A",
    ),
    "the wrong weights leave h1": (
        "backward_2_2_2",
        """
def backward_2_2_2(x, t, w, b):
    s = lambda z: 1 / (1 + np.exp(-z))
    h = np.array([s(w[0]*x[0] + w[1]*x[1] + b[0]), s(w[2]*x[0] + w[3]*x[1] + b[0])])
    o = np.array([s(w[4]*h[0] + w[5]*h[1] + b[1]), s(w[6]*h[0] + w[7]*h[1] + b[1])])
    do = (o - t) * o * (1 - o)
    dh1 = (do[0] * w[4] + do[1] * w[5]) * h[0] * (1 - h[0])
    dh2 = (do[0] * w[6] + do[1] * w[7]) * h[1] * (1 - h[1])
    gw = [dh1*x[0], dh1*x[1], dh2*x[0], dh2*x[1], do[0]*h[0], do[0]*h[1], do[1]*h[0], do[1]*h[1]]
    return np.array(gw), np.array([dh1 + dh2, do[0] + do[1]])
""",
        "The output weights are right. For h1 you go",
    ),
    "hidden slope without h": (
        "backward_2_2_2",
        """
def backward_2_2_2(x, t, w, b):
    s = lambda z: 1 / (1 + np.exp(-z))
    W1, W2 = w[:4].reshape(2, 2), w[4:].reshape(2, 2)
    h = s(W1 @ x + b[0])
    o = s(W2 @ h + b[1])
    do = (o - t) * o * (1 - o)
    dh = (W2.T @ do) * (1 - h)
    grad_w = np.concatenate([np.outer(dh, x).ravel(), np.outer(do, h).ravel()])
    return grad_w, np.array([dh.sum(), do.sum()])
""",
        "At the hidden units you multiply by 1 - h",
    ),
    "the pair goes into the error": (
        "numeric_grad",
        FORWARD
        + """
def numeric_grad(x, t, w, b, eps):
    g = np.zeros(8)
    for i in range(8):
        up, down = w.copy(), w.copy()
        up[i] += eps
        down[i] -= eps
        above = half_squared_error(t, forward_2_2_2(x, up, b))
        below = half_squared_error(t, forward_2_2_2(x, down, b))
        g[i] = (above - below) / (2 * eps)
    return g
""",
        "You compare all that `forward_2_2_2` returns",
    ),
    "nudges stay": (
        "numeric_grad",
        FORWARD
        + """
def numeric_grad(x, t, w, b, eps):
    g = []
    up = w.copy()
    down = w.copy()
    for i in range(8):
        up[i] += eps
        down[i] -= eps
        a = half_squared_error(t, forward_2_2_2(x, up, b)[1])
        c = half_squared_error(t, forward_2_2_2(x, down, b)[1])
        g.append((a - c) / (2 * eps))
    return np.array(g)
""",
        "The first derivative is right. Then the nudges",
    ),
    "minus typed behind": (
        "sgd_step",
        """
def sgd_step(w, grad, learning_rate):
    w =- learning_rate * grad
    return w
""",
        "You return the step alone. Return where it",
    ),
    "the same start at each step": (
        "train_2_2_2",
        FORWARD
        + """
def train_2_2_2(x, t, w, b, learning_rate, steps):
    errors = [half_squared_error(t, forward_2_2_2(x, w, b)[1])]
    for i in range(steps):
        gw, gb = backward_2_2_2(x, t, w, b)
        new_w = w - learning_rate * gw
        new_b = b - learning_rate * gb
        errors.append(half_squared_error(t, forward_2_2_2(x, new_w, new_b)[1]))
    return new_w, new_b, np.array(errors)
""",
        "Every round of your loop computes the same:",
    ),
    "minus has slope one twice": (
        "local_slopes",
        """
def local_slopes(operation, a, b):
    if operation in "+-":
        return 1.0, 1.0
    if operation == "*":
        return b, a
    if operation == "/":
        return 1 / b, -a / b ** 2
""",
        "A difference falls when b grows: the slope of a",
    ),
    "inputs without their inputs": (
        "topological_sort",
        """
def topological_sort(inputs, result):
    order = []
    for name in inputs[result]:
        order.append(name)
    order.append(result)
    return order
""",
        "You list the inputs of the result, but not what",
    ),
    "reset on the way": (
        "reverse_mode",
        """
def reverse_mode(tape):
    grads = {name: 0.0 for name in tape}
    grads[list(tape)[-1]] = 1.0
    for name in reversed(list(tape)):
        for source, slope in tape[name]:
            if source not in tape:
                grads[source] = 0.0
            grads[source] += grads[name] * slope
    return grads
""",
        "A given number gets its 0 again at each use, so",
    ),
    "the dict is unpacked without items": (
        "reverse_mode",
        """
def reverse_mode(tape):
    grads = {}
    for name, uses in tape:
        grads[name] = 0.0
        for n, s in uses:
            grads[n] = 0.0
    return grads
""",
        "Each round of the loop hands over something",
    ),
    "a size that is divided": (
        "conv_output_size",
        """
def conv_output_size(n, k, stride, pad, dilation):
    return (n + 2 * pad - (dilation * (k - 1) + 1)) / stride + 1
""",
        "You do not round. Half a window is no output:",
    ),
    "padded at the right and below": (
        "conv2d",
        """
def conv2d(image, kernel, stride, pad):
    big = np.zeros((image.shape[0] + 2 * pad, image.shape[1] + 2 * pad))
    big[:image.shape[0], :image.shape[1]] = image
    kh, kw = kernel.shape
    rows = (big.shape[0] - kh) // stride + 1
    cols = (big.shape[1] - kw) // stride + 1
    out = np.zeros((rows, cols))
    for r in range(rows):
        for c in range(cols):
            out[r, c] = (big[r*stride:r*stride+kh, c*stride:c*stride+kw] * kernel).sum()
    return out
""",
        "All your zeros lie to the right of the image",
    ),
    "a size from the image": (
        "conv2d",
        """
def conv2d(image, kernel, stride, pad):
    padded = np.pad(image, pad)
    kh, kw = kernel.shape
    out = np.zeros(image.shape)
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            out[r, c] = np.sum(padded[r*stride:r*stride+kh, c*stride:c*stride+kw] * kernel)
    return out
""",
        "Your map is as large as the image. There is one",
    ),
    "windows that are not flat": (
        "im2col",
        """
def im2col(image, size, stride):
    cols = []
    for r in range(0, image.shape[0] - size + 1, stride):
        for c in range(0, image.shape[1] - size + 1, stride):
            cols.append(image[r:r+size, c:c+size])
    return np.stack(cols, axis=1)
""",
        "The shape is (2, 1, 2) and should be (4, 1):",
    ),
    "mode is read as mean": (
        "pool2d",
        """
def pool2d(image, size, stride, mode):
    rows = (image.shape[0] - size) // stride + 1
    cols = (image.shape[1] - size) // stride + 1
    out = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            win = image[i * stride:i * stride + size, j * stride:j * stride + size]
            if mode == "max":
                out[i, j] = win.max()
            elif mode == "mean":
                out[i, j] = win.mean()
            else:
                out[i, j] = win.min()
    return out
""",
        'You ask whether `mode` is "mean", and it never',
    ),
    "the jump grows first": (
        "receptive_field",
        """
def receptive_field(layers):
    r, j = 1, 1
    for k, s in layers:
        j = j * s
        r = r + (k - 1) * j
    return r
""",
        "You multiply by the layer's own stride too. The",
    ),
    "brackets around the sum": (
        "conv_params",
        """
def conv_params(height, width, channels, filters):
    return height * width * (channels + 1) * filters
""",
        "You add 1 to the channels, so a filter gets",
    ),
    "loops over windows end one too early": (
        "conv_backward",
        """
def conv_backward(x, kernel, grad_y):
    grad_x, grad_kernel, grad_bias = np.zeros(x.shape), np.zeros(kernel.shape), 0.0
    images, rows, columns = grad_y.shape
    height, width = kernel.shape
    for n in range(images):
        for p in range(rows - 1):
            for q in range(columns - 1):
                grad = grad_y[n, p, q]
                grad_kernel += grad * x[n, p : p + height, q : q + width]
                grad_x[n, p : p + height, q : q + width] += grad * kernel
                grad_bias += grad
    return grad_x, grad_kernel, grad_bias
""",
        "leave out the last row and the last column of windows",
    ),
    "row and column of the largest pixel exchanged": (
        "maxpool_backward",
        """
def maxpool_backward(x, grad_y, size):
    grad_x = np.zeros(x.shape)
    for p in range(grad_y.shape[0]):
        for q in range(grad_y.shape[1]):
            window = x[p * size : (p + 1) * size, q * size : (q + 1) * size]
            k = window.argmax()
            grad_x[p * size + k % size, q * size + k // size] = grad_y[p, q]
    return grad_x
""",
        "the row is `k // size`",
    ),
    "a shared bias is one connection": (
        "parameters_and_connections",
        """
def parameters_and_connections(layers):
    parameters = connections = 0
    for maps, units, inputs, shared_bias in layers:
        biases = maps if shared_bias else maps * units
        parameters += maps * inputs + biases
        connections += maps * units * inputs + biases
    return parameters, connections
""",
        "connection of its own",
    ),
    "errors among the rejected": (
        "reject_curve",
        """
def reject_curve(outputs, labels):
    ranked = np.sort(outputs, axis=1)
    order = np.argsort(ranked[:, -1] - ranked[:, -2])
    wrong = (outputs.argmax(axis=1) != labels)[order]
    return np.array([wrong[: r + 1].mean() for r in range(len(wrong))])
""",
        "errors among the rejected examples",
    ),
    "one example too many is rejected": (
        "reject_curve",
        """
def reject_curve(outputs, labels):
    ranked = np.sort(outputs, axis=1)
    order = np.argsort(ranked[:, -1] - ranked[:, -2])
    wrong = (outputs.argmax(axis=1) != labels)[order]
    rest = [wrong[r + 1 :] for r in range(len(wrong))]
    return np.array([part.mean() if len(part) else 0.0 for part in rest])
""",
        "one example more than you say",
    ),
    "an order is taken for ranks": (
        "reject_curve",
        """
def reject_curve(outputs, labels):
    ranked = np.sort(outputs, axis=1)
    order = np.argsort(ranked[:, -1] - ranked[:, -2])
    wrong = outputs.argmax(axis=1) != labels
    return np.array([wrong[order >= r].mean() for r in range(len(wrong))])
""",
        "does not say which place each example takes",
    ),
    "the windows overwrite each other": (
        "conv_backward",
        """
def conv_backward(x, kernel, grad_y):
    n, H, W = grad_y.shape
    kh, kw = kernel.shape
    gx = np.zeros_like(x)
    gk = np.zeros_like(kernel)
    for a in range(n):
        for p in range(H):
            for q in range(W):
                gx[a, p:p + kh, q:q + kw] = grad_y[a, p, q] * kernel
                gk += grad_y[a, p, q] * x[a, p:p + kh, q:q + kw]
    return gx, gk, grad_y.sum()
""",
        "You write into grad_x with `=`. Windows",
    ),
    "rows and columns from the kernel": (
        "conv_backward",
        """
def conv_backward(x, kernel, grad_y):
    kh, kw = kernel.shape
    gx = np.zeros(x.shape)
    gk = np.zeros(kernel.shape)
    for a in range(len(x)):
        for p in range(kh):
            for q in range(kw):
                gx[a, p:p+kh, q:q+kw] += grad_y[a, p, q] * kernel
                gk += grad_y[a, p, q] * x[a, p:p+kh, q:q+kw]
    return gx, gk, grad_y.sum()
""",
        "Your loops go as far as the kernel is large.",
    ),
    "all largest pixels get it": (
        "maxpool_backward",
        """
def maxpool_backward(x, grad_y, size):
    out = np.zeros(x.shape)
    for i in range(grad_y.shape[0]):
        for j in range(grad_y.shape[1]):
            win = x[i * size:(i + 1) * size, j * size:(j + 1) * size]
            mask = win == win.max()
            out[i * size:(i + 1) * size, j * size:(j + 1) * size] = mask * grad_y[i, j]
    return out
""",
        "Where several pixels are equally large, you",
    ),
    "the curve by the largest output": (
        "reject_curve",
        """
def reject_curve(outputs, labels):
    order = np.argsort(outputs.max(axis=1))
    wrong = outputs[order].argmax(axis=1) != labels[order]
    return np.array([np.mean(wrong[r:]) for r in range(len(wrong))])
""",
        "You measure sureness by the largest output",
    ),
    "labels stay unsorted": (
        "reject_curve",
        """
def reject_curve(outputs, labels):
    s = np.sort(outputs, axis=1)
    order = np.argsort(s[:, -1] - s[:, -2])
    answers = outputs.argmax(axis=1)[order]
    return np.array([np.mean(answers[r:] != labels[r:]) for r in range(len(labels))])
""",
        "You sort the answers and leave the labels in",
    ),
    "the answer over everything": (
        "reject_curve",
        """
def reject_curve(outputs, labels):
    s = np.sort(outputs, axis=1)
    order = np.argsort(s[:, -1] - s[:, -2])
    wrong = (np.argmax(outputs) != labels)[order]
    return np.array([wrong[r:].mean() for r in range(len(labels))])
""",
        "`argmax` without an axis finds one place in the",
    ),
    "the loop begins at one": (
        "rnn_forward",
        """
def rnn_forward(x, h0, W, U, b):
    h = np.zeros((len(x), len(h0)))
    h[0] = h0
    for t in range(1, len(x)):
        h[t] = np.tanh(x[t] @ W + h[t - 1] @ U + b)
    return h
""",
        "Your first row is h0, and x[0] is never read.",
    ),
    "the matrix first": (
        "rnn_forward",
        """
def rnn_forward(x, h0, W, U, b):
    h = h0
    all_h = []
    for t in range(len(x)):
        h = np.tanh(x[t] @ W + U @ h + b)
        all_h.append(h)
    return np.array(all_h)
""",
        "You multiply from the wrong side: `U @ h` is `h",
    ),
    "loop to one": (
        "rnn_backward",
        """
def rnn_backward(grad_h, x, h0, h, U):
    gW, gU, gb = np.zeros((x.shape[1], h.shape[1])), np.zeros(U.shape), np.zeros(h.shape[1])
    carry = 0
    for t in range(len(x) - 1, 0, -1):
        delta = (grad_h[t] + carry) * (1 - h[t] ** 2)
        gW += np.outer(x[t], delta)
        gU += np.outer(h[t - 1], delta)
        gb += delta
        carry = delta @ U.T
    return gW, gU, gb
""",
        "You never use `h0`. What does it stand for, and",
    ),
    "the slope through tanh of tanh": (
        "rnn_backward",
        """
def rnn_backward(grad_h, x, h0, h, U):
    gW = np.zeros((x.shape[1], len(h0)))
    gU = np.zeros(U.shape)
    gb = np.zeros(len(h0))
    carry = np.zeros(len(h0))
    for t in reversed(range(len(x))):
        before = h[t - 1] if t > 0 else h0
        delta = (grad_h[t] + carry) * (1 - np.tanh(h[t]) ** 2)
        gW += np.outer(x[t], delta)
        gU += np.outer(before, delta)
        gb += delta
        carry = delta @ U.T
    return gW, gU, gb
""",
        "You apply tanh once more: h is `tanh(z)`",
    ),
    "eig gives two": (
        "spectral_radius",
        """
def spectral_radius(U):
    values = np.linalg.eig(U)
    return np.max(np.abs(values))
""",
        "An array is made of parts that have different",
    ),
    "the slope on the rows": (
        "jacobian_norms",
        """
def jacobian_norms(h, U):
    P = np.eye(len(U))
    norms = [1.0]
    for t in range(len(h) - 1, 0, -1):
        P = (np.diag(1 - h[t] ** 2) @ U) @ P
        norms.append(np.linalg.norm(P, 2))
    return np.array(norms)
""",
        "You multiply the rows of U by the slopes. The",
    ),
    "keys for values": (
        "clip_by_global_norm",
        """
def clip_by_global_norm(grads, limit):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads))
    if norm > limit:
        return {k: v * limit / norm for k, v in grads.items()}
    return dict(grads)
""",
        "g is the text 'W', and you calculate with it as",
    ),
    "states are added": (
        "bidirectional_states",
        """
def bidirectional_states(x, forward, backward):
    def run(x, W, U, b):
        h = np.zeros(len(b))
        out = []
        for xt in x:
            h = np.tanh(xt @ W + h @ U + b)
            out.append(h)
        return np.array(out)
    return np.concatenate([run(x, **forward), run(x[::-1], **backward)[::-1]])
""",
        "You join along time, so the sequence is twice",
    ),
    "tanh for the gates": (
        "lstm_step",
        """
def lstm_step(x, h, c, W, U, b):
    units = len(h)
    z = x @ W + h @ U + b
    i = 1 / (1 + np.exp(-z[:units]))
    f = 1 / (1 + np.exp(-z[units:2 * units]))
    g = np.tanh(z[2 * units:3 * units])
    o = np.tanh(z[3 * units:])
    c = f * c + i * g
    return o * np.tanh(c), c
""",
        "Your output gate is a tanh. Gates lie between 0",
    ),
    "the hidden state instead of the cell": (
        "lstm_step",
        """
def lstm_step(x, h, c, W, U, b):
    s = lambda z: 1 / (1 + np.exp(-z))
    i, f, g, o = (x @ W + h @ U + b).reshape(4, len(h))
    i, f, g, o = s(i), s(f), np.tanh(g), s(o)
    c = f * h + i * g
    return o * np.tanh(c), c
""",
        "You give `c` a new value before you use the one",
    ),
    "the old cell for the output gate": (
        "lstm_backward_step",
        """
def lstm_backward_step(grad_h, grad_c, i, f, g, o, c_before):
    c = f * c_before + i * g
    dc = grad_c + grad_h * o * (1 - np.tanh(c) ** 2)
    dzi, dzf, dzg = dc * g * i * (1 - i), dc * c_before * f * (1 - f), dc * i * (1 - g**2)
    dzo = grad_h * np.tanh(c_before) * o * (1 - o)
    return np.concatenate([dzi, dzf, dzg, dzo]), dc * f
""",
        "For the output gate you take the cell as it was",
    ),
    "the four blocks as rows": (
        "lstm_backward_step",
        """
def lstm_backward_step(grad_h, grad_c, i, f, g, o, c_before):
    c = f * c_before + i * g
    dc = grad_c + grad_h * o * (1 - np.tanh(c) ** 2)
    dzi, dzf, dzg = dc * g * i * (1 - i), dc * c_before * f * (1 - f), dc * i * (1 - g**2)
    dzo = grad_h * np.tanh(c) * o * (1 - o)
    return np.array([dzi, dzf, dzg, dzo]), dc * f
""",
        "The shape of grad_z is (4, 1) and should be (4,): the",
    ),
    "the first gate too": (
        "belt_gradient",
        """
def belt_gradient(f):
    grads = np.ones(len(f))
    for t in range(len(f) - 2, -1, -1):
        grads[t] = grads[t + 1] * f[t]
    return grads
""",
        "You multiply by the gate of the cell's own",
    ),
    "a sum on the belt": (
        "belt_gradient",
        """
def belt_gradient(f):
    grads = np.ones(len(f))
    for t in range(len(f) - 2, -1, -1):
        grads[t] = grads[t + 1] + f[t + 1]
    return grads
""",
        "You add the gates. Along a path factors",
    ),
    "multiplied from the start": (
        "belt_gradient",
        """
def belt_gradient(f):
    out = [1.0]
    for gate in f[1:]:
        out.append(out[-1] * gate)
    return np.array(out)
""",
        "You start with 1 at the first cell and multiply",
    ),
    "letters in a list": (
        "legal_next_symbols",
        """
def legal_next_symbols(prefix, grammar):
    if prefix == "":
        return ["B"]
    if prefix == "B":
        return ["P", "T"]
    state = 0
    for n, s in enumerate(prefix[2:]):
        if state == 7:
            return ["E"] if n == len(prefix[2:]) - 1 else []
        state = grammar[state][s]
    if state == 7:
        return [prefix[1]]
    return sorted(grammar[state])
""",
        "You return a list. Return one text with the",
    ),
    "divided before the half": (
        "adding_target",
        """
def adding_target(values, marks):
    s = 0
    for v, m in zip(values, marks):
        if m == 1:
            s += v
    return (0.5 + s) / 4
""",
        "You divide the 0.5 as well. Only the sum is",
    ),
    "a GRU in PyTorch's order": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    sig = lambda v: 1.0 / (1.0 + np.exp(-v))
    xr, xz, xg = np.split(x @ params["wx"] + params["b"], 3)
    hp = h @ params["wh"]
    if reset_after:
        hp = hp + params["b_h"]
    hr, hz, hg = np.split(hp, 3)
    z = sig(xz + hz); r = sig(xr + hr)
    n = len(h)
    g = np.tanh(xg + (r * hg if reset_after else (r * h) @ params["wh"][:, 2*n:]))
    return z * h + (1 - z) * g
""",
        "The order is z, r, candidate",
    ),
    "a GRU with brackets missing": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    n = len(h)
    a = x @ params["wx"] + params["b"]
    s = h @ params["wh"]
    if reset_after: s = s + params["b_h"]
    z = 1 / (1 + np.exp(-(a[:n] + s[:n])))
    r = 1 / (1 + np.exp(-(a[n:2*n] + s[n:2*n])))
    g = np.tanh(a[2*n:] + (r * s[2*n:] if reset_after else (r*h) @ params["wh"][:,2*n:]))
    return z*h + 1 - z*g
""",
        "Brackets are missing",
    ),
    "targets cut in two": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    return targets[:, :-1], targets[:, 1:]
""",
        "leave start out",
    ),
    "stop taken out everywhere": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    stop = targets[0, -1]
    inputs = np.array([[start] + [t for t in row if t != stop] for row in targets.tolist()])
    return inputs, targets
""",
        "wherever it stands",
    ),
    "np.pad on both sides": (
        "pad_left",
        """
def pad_left(rows, pad):
    m = max(len(r) for r in rows)
    return np.array([np.pad(r, m - len(r), constant_values=pad) for r in rows])
""",
        "np.pad with one number",
    ),
    "zeros turned into padding": (
        "pad_left",
        """
def pad_left(rows, pad):
    m = max(len(r) for r in rows)
    out = np.zeros((len(rows), m))
    for i, r in enumerate(rows):
        out[i, m - len(r):] = r
    out[out == 0] = pad
    return out
""",
        "A 0 that stands in a row",
    ),
    "rows filled up to the longest so far": (
        "pad_left",
        """
def pad_left(rows, pad):
    m = 0
    out = []
    for r in rows:
        if len(r) > m:
            m = len(r)
        out.append([pad] * (m - len(r)) + r)
    return np.array(out)
""",
        "the longest row so far",
    ),
    "attention of transformers": (
        "attend",
        """
def attend(query, states):
    d = query.shape[-1]
    scores = states @ query / np.sqrt(d)
    w = np.exp(scores - scores.max()); w /= w.sum()
    return w @ states, w
""",
        "as transformers do",
    ),
    "the state with the largest score": (
        "attend",
        """
def attend(query, states):
    s = states @ query
    k = np.argmax(s)
    return states[k], k
""",
        "Nothing is chosen",
    ),
    "a wide first step": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    first = np.argsort(-log_p[start])[:width]
    best = None
    for f in first:
        toks, s = [int(f)], log_p[start, f]
        while toks[-1] != stop and len(toks) < longest:
            k = int(np.argmax(log_p[toks[-1]]))
            s += log_p[toks[-1], k]
            toks.append(k)
        if best is None or s > best[1]:
            best = (toks, s)
    return best
""",
        "go on greedily from each",
    ),
    "the best path whatever the beam": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    best = {start: ([], 0.0)}
    for _ in range(longest):
        new = {}
        for last, (toks, s) in best.items():
            if last == stop:
                if last not in new or s > new[last][1]: new[last] = (toks, s)
                continue
            for k in range(len(log_p)):
                t = s + log_p[last, k]
                if k not in new or t > new[k][1]:
                    new[k] = (toks + [k], t)
        best = new
    return max(best.values(), key=lambda b: b[1])
""",
        "however narrow the beam",
    ),
    "a stop that was not written": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    beams = [([start], 0.0)]
    for _ in range(longest):
        cand = []
        for toks, s in beams:
            if toks[-1] == stop:
                cand.append((toks, s)); continue
            for k in range(len(log_p)):
                cand.append((toks + [k], s + log_p[toks[-1], k]))
        beams = sorted(cand, key=lambda c: -c[1])[:width]
    toks, s = beams[0]
    if toks[-1] != stop:
        toks = toks + [stop]
    return toks[1:], s
""",
        "a stop that was not written",
    ),
    "minus infinity where nothing is seen": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    s = np.where(mask, scores, -np.inf)
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s)
    return p / p.sum(axis=1, keepdims=True)
""",
        "Such a row gets zeros",
    ),
    "a total that is never set back": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    w = np.zeros(scores.shape)
    t = 0
    for i in range(len(scores)):
        m = max(scores[i])
        for j in range(scores.shape[1]):
            if mask[i, j]:
                w[i, j] = np.exp(scores[i, j] - m)
                t += w[i, j]
        w[i] /= t
    return w
""",
        "goes on from row to row",
    ),
    "a mask that is turned round": (
        "causal_mask",
        """
def causal_mask(length):
    m = np.zeros((length, length), dtype=bool)
    for i in range(length):
        for j in range(length):
            if i < j:
                m[i, j] = True
    return m
""",
        "turned round",
    ),
    "the future alone": (
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
    mask = ~causal_mask(len(q)) if causal else np.ones(scores.shape, bool)
    w = softmax_rows(scores, mask)
    return w @ v, w
""",
        "no `~` is needed",
    ),
    "a softmax over everything": (
        "attention",
        """
def attention(q, k, v, causal):
    s = q @ k.T / np.sqrt(q.shape[1])
    if causal:
        s = np.where(np.tri(len(q)) > 0, s, -np.inf)
    e = np.exp(s - s.max())
    w = e / e.sum()
    return w @ v, w
""",
        "All your weights together add up to 1",
    ),
    "each column to another head": (
        "split_heads",
        """
def split_heads(x, heads):
    return np.array([x[:, i::heads] for i in range(heads)])
""",
        "deal the columns out like cards",
    ),
    "a head over the other": (
        "join_heads",
        """
def join_heads(x):
    h, T, w = x.shape
    out = np.zeros((T, h * w))
    for i in range(h):
        out[:, :w] = x[i]
    return out
""",
        "overwrites the one before",
    ),
    "ten with three decimals": (
        "sinusoidal_positions",
        """
def sinusoidal_positions(length, width):
    p = np.zeros((length, width))
    for t in range(length):
        for i in range(width // 2):
            a = t / 10.000 ** (2 * i / width)
            p[t, 2 * i] = np.sin(a)
            p[t, 2 * i + 1] = np.cos(a)
    return p
""",
        "10.000 is ten",
    ),
    "a break at the pixel itself": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    A = np.zeros((rows*columns, rows*columns))
    for i in range(rows):
        for j in range(columns):
            for di in [-1, 0, 1]:
                for dj in [-1, 0, 1]:
                    if di == 0 and dj == 0:
                        break
                    if neighbours == 4 and di != 0 and dj != 0:
                        continue
                    if 0 <= i+di < rows and 0 <= j+dj < columns:
                        A[i*columns+j, (i+di)*columns+j+dj] = 1
    return A
""",
        "`break` leaves the loop",
    ),
    "a range up to 1": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    A = np.zeros((rows*columns, rows*columns))
    for i in range(rows):
        for j in range(columns):
            for di in range(-1, 1):
                for dj in range(-1, 1):
                    if di == 0 and dj == 0 or neighbours == 4 and di * dj != 0:
                        continue
                    if 0 <= i+di < rows and 0 <= j+dj < columns:
                        A[i*columns+j, (i+di)*columns+j+dj] = 1
    return A
""",
        "range(-1, 2)",
    ),
    "one row or one column away": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    A = np.zeros((rows*columns, rows*columns))
    for i in range(rows*columns):
        for j in range(rows*columns):
            r1, c1 = divmod(i, columns)
            r2, c2 = divmod(j, columns)
            if neighbours == 4 and (abs(r1 - r2) == 1 or abs(c1 - c2) == 1):
                A[i, j] = 1
            if neighbours == 8 and abs(r1 - r2) <= 1 and abs(c1 - c2) <= 1 and i != j:
                A[i, j] = 1
    return A
""",
        "The other distance must be 0",
    ),
    "both kinds of neighbours in one elif": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    A = np.zeros((rows*columns, rows*columns))
    for i in range(rows*columns):
        for j in range(rows*columns):
            r1, c1 = divmod(i, columns)
            r2, c2 = divmod(j, columns)
            if neighbours == 4 and abs(r1 - r2) + abs(c1 - c2) == 1:
                A[i, j] = 1
            elif abs(r1 - r2) <= 1 and abs(c1 - c2) <= 1:
                A[i, j] = 1
    return A
""",
        "conditions of their own",
    ),
    "a product of degrees by @": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    A = a + np.eye(len(a))
    d = A.sum(axis=1)
    return A / np.sqrt(d @ d)
""",
        "`d @ d` adds up",
    ),
    "the mean of a row for its sum": (
        "normalised_adjacency",
        """
def normalised_adjacency(a):
    A = a + np.eye(len(a))
    d = A.mean(axis=1)
    return A / np.sqrt(np.outer(d, d))
""",
        "d is their sum",
    ),
    "a message that overwrites": (
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
                new[j] = P[j, k] * h[k]
        h = new
    return h
""",
        "Add them up",
    ),
    "one number of a row put back": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    n = len(labels)
    c = labels.max() + 1
    S = np.zeros((n, c))
    for i in range(n):
        if labels[i] != -1:
            S[i][labels[i]] = 1
    A = a + np.eye(n)
    A /= A.sum(axis=1, keepdims=True)
    for t in range(steps):
        S = A @ S
        for i in range(n):
            if labels[i] != -1:
                S[i][labels[i]] = 1
    return np.argmax(S, axis=1)
""",
        "Put back its whole row",
    ),
    "half of the old scores": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    n = len(labels)
    S = np.zeros((n, labels.max() + 1))
    known = labels > -1
    S[known, labels[known]] = 1
    A = a + np.eye(n)
    A /= A.sum(axis=1, keepdims=True)
    for t in range(steps):
        S = 0.5 * A @ S + 0.5 * S
        S[known] = 0
        S[known, labels[known]] = 1
    return S.argmax(axis=1)
""",
        "half the way",
    ),
    "a vote of those that were known": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    n = len(labels)
    new = labels.copy()
    for t in range(steps):
        for i in range(n):
            if labels[i] == -1:
                near = labels[a[i] == 1]
                near = near[near >= 0]
                if len(near):
                    new[i] = np.bincount(near).argmax()
    return new
""",
        "from the beginning alone",
    ),
    "labels from 1": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    n = len(labels)
    S = np.zeros((n, labels.max() + 1))
    known = labels > -1
    S[known, labels[known]] = 1
    start = S
    A = a + np.eye(n)
    A /= A.sum(axis=1, keepdims=True)
    for t in range(steps):
        S[~known] = A[~known] @ S
    return S.argmax(axis=1) + 1
""",
        "one too large",
    ),
    "ReLU in both layers": (
        "gcn_forward",
        """
def normalised_adjacency(a):
    n = a + np.eye(len(a))
    d = n.sum(axis=1)
    return n / np.sqrt(np.outer(d, d))

def gcn_forward(a, x, w1, w2):
    P = normalised_adjacency(a)
    h = np.maximum(P @ (x @ w1), 0)
    return P @ (np.maximum(h @ w2, 0))
""",
        "It has none",
    ),
    "the first of the commonest": (
        "measure_reader",
        """
from collections import Counter
def measure_reader(y, predicted):
    pairs = [(int(a), int(b)) for a, b in zip(y, predicted) if a != b]
    e = len(pairs) / len(y)
    meant, missed = Counter(y.tolist()), Counter(a for a, b in pairs)
    worst = max(sorted(meant), key=lambda d: missed[d] / meant[d])
    return e, (e * (1 - e) / len(y)) ** 0.5, worst, Counter(pairs).most_common(1)[0][0]
""",
        "comes first in the data",
    ),
    "a place among the digits that occur": (
        "measure_reader",
        """
def measure_reader(y, predicted):
    e = np.mean(y != predicted)
    worst = int(np.argmax([np.mean(predicted[y == d] != d) for d in np.unique(y)]))
    table = np.zeros((10, 10), int)
    for a, b in zip(y, predicted):
        if a != b:
            table[a, b] += 1
    pair = np.unravel_index(table.argmax(), table.shape)
    return e, np.sqrt(e * (1 - e) / len(y)), worst, (int(pair[0]), int(pair[1]))
""",
        "among the digits that come",
    ),
    "back from the best": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    i = int(e.argmin())
    limit = e[i] + np.sqrt(e[i] * (1 - e[i]) / n)
    while i > 0 and e[i - 1] <= limit:
        i -= 1
    return i
""",
        "You walk back from the best",
    ),
    "the spread of the machines": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    return int(np.argmax(e <= e.min() + e.std()))
""",
        "the spread of the machines",
    ),
}


# name: (function, code)
RIGHT = {
    "counts in place of shares": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    best = min(wrong)
    for place, count in enumerate(wrong):
        if count <= best + (best * (n - best) / n) ** 0.5:
            return place
""",
    ),
    "and by ampersand, which happens to be right": (
        "mp_neuron",
        """
def mp_neuron(x, inhibitory, threshold):
    for i in range(len(x)):
        if x[i] == 1 & inhibitory[i] == 1:
            return 0
    return int(x.sum() >= threshold)
""",
    ),
    "a match and an array for the bias": (
        "gate_weights",
        """
def gate_weights(name, n):
    match name:
        case "AND" | "NAND":
            b = np.array(0.5 - n)
        case _:
            b = np.array(-0.5)
    sign = {True: -1, False: 1}[name.startswith("N")]
    return [sign] * n, sign * b
""",
    ),
    "a reduce": (
        "neuron",
        """
from functools import reduce
def neuron(x, w, b):
    z = reduce(lambda total, pair: total + pair[0] * pair[1], zip(x, w), b)
    return np.where(z > 0, 1 / (1 + np.exp(-abs(z))), np.exp(-abs(z)) / (1 + np.exp(-abs(z))))
""",
    ),
    "a named tuple": (
        "sigmoid_centre",
        """
from collections import namedtuple
Curve = namedtuple("Curve", "centre slope")
def sigmoid_centre(w, b):
    return Curve(centre=-b / w, slope=w / 4)
""",
    ),
    "a list with a walrus": (
        "perceptron_step",
        """
def perceptron_step(w, x, y):
    wrong = (score := y * sum(p * q for p, q in zip(w, x))) <= 0
    return [a + y * c if wrong else a for a, c in zip(w, x)]
""",
    ),
    "a generator and an iterator": (
        "perceptron_fit",
        """
import itertools
def perceptron_fit(X, y, max_epochs):
    w, mistakes = [0.0] * len(X[0]), 0
    for epochs in itertools.count(1):
        before = mistakes
        for row, label in zip(X.tolist(), y.tolist()):
            if label * sum(a * c for a, c in zip(w, row)) <= 0:
                w = [a + label * c for a, c in zip(w, row)]
                mistakes += 1
        if before == mistakes or epochs == max_epochs:
            return w, mistakes, epochs
""",
    ),
    "the square root by a power": (
        "novikoff_bound",
        """
def novikoff_bound(X, y, w_star):
    squares = np.einsum("ij,ij->i", X, X)
    margins = y * X.dot(w_star)
    if min(margins) <= 0:
        return float("inf")
    return np.divide(squares.max() * w_star.dot(w_star), margins.min() ** 2)
""",
    ),
    "a set of answers": (
        "is_separable",
        """
def is_separable(X, y):
    w = np.zeros(len(X[0]))
    for _ in range(200):
        for row, label in zip(X, y):
            w = w + label * row * (label * (row @ w) <= 0)
    return {np.sign(s) * label for s, label in zip(X @ w, y)} == {1.0}
""",
    ),
    "logarithms": (
        "softmax",
        """
def softmax(z):
    top = np.max(z, 1)[:, None]
    return np.exp(z - top - np.log(np.exp(z - top).sum(1))[:, None])
""",
    ),
    "the bias as one more row": (
        "merge_layers",
        """
def merge_layers(W1, b1, W2, b2):
    joined = np.vstack([W1, b1]) @ W2
    joined[-1] += b2
    return joined[:-1], joined[-1]
""",
    ),
    "absolute values for the bend": (
        "mlp_forward",
        """
def mlp_forward(x, W1, b1, W2, b2):
    z = np.einsum("bi,ih->bh", x, W1) + b1
    return ((z + abs(z)) / 2).dot(W2) + b2
""",
    ),
    "lists by hand": (
        "xor_net",
        """
def xor_net(x):
    step = lambda z: 1.0 * (z >= 0)
    h = [(step(a + b - 0.5), step(a + b - 1.5)) for a, b in x]
    return h, [step(p - q - 0.5) for p, q in h]
""",
    ),
    "a table of comparisons": (
        "bumps_net",
        """
def bumps_net(x, intervals):
    left, right = np.array(intervals).T
    inside = (x[:, None] >= left) & (x[:, None] < right)
    return inside.sum(axis=1)
""",
    ),
    "a sum of generators": (
        "half_squared_error",
        """
def half_squared_error(t, o):
    return sum((a - b) ** 2 for a, b in zip(t, o)) / 2
""",
    ),
    "w put back by hand": (
        "numeric_grad",
        FORWARD
        + """
def numeric_grad(x, t, w, b, eps):
    slopes = []
    for i, old in enumerate(w):
        errors = []
        for way in (eps, -eps):
            w[i] = old + way
            errors.append(half_squared_error(t, forward_2_2_2(x, w, b)[1]))
        w[i] = old
        slopes.append((errors[0] - errors[1]) / 2 / eps)
    return slopes
""",
    ),
    "in place on a copy": (
        "sgd_step",
        """
import copy
def sgd_step(w, grad, learning_rate):
    w = copy.deepcopy(w).astype(float)
    w -= learning_rate * grad
    return w
""",
    ),
    "Kahn's way": (
        "topological_sort",
        """
from collections import deque
def topological_sort(inputs, result):
    needed, todo = {result}, [result]
    while todo:
        for name in inputs[todo.pop()]:
            if name not in needed:
                needed.add(name)
                todo.append(name)
    left = {name: set(inputs[name]) for name in needed}
    order = []
    while left:
        ready = next(name for name, rest in left.items() if not rest)
        order.append(ready)
        del left[ready]
        for rest in left.values():
            rest.discard(ready)
    return tuple(order)
""",
    ),
    "a counter": (
        "reverse_mode",
        """
from collections import Counter
def reverse_mode(tape):
    grads = Counter({list(tape)[-1]: 1.0})
    for name in list(tape)[::-1]:
        for source, slope in tape[name]:
            grads[source] += grads[name] * slope
    return {name: grads[name] for name in {*tape, *(s for uses in tape.values() for s, _ in uses)}}
""",
    ),
    "len of a range": (
        "conv_output_size",
        """
def conv_output_size(n, k, stride, pad, dilation):
    return len(range(0, n + 2 * pad - dilation * (k - 1), stride))
""",
    ),
    "windows of NumPy's": (
        "conv2d",
        """
from numpy.lib.stride_tricks import sliding_window_view
def conv2d(image, kernel, stride, pad):
    windows = sliding_window_view(np.pad(image, pad), kernel.shape)[::stride, ::stride]
    return np.tensordot(windows, kernel, axes=2)
""",
    ),
    "a nested comprehension": (
        "im2col",
        """
def im2col(image, size, stride):
    H, W = image.shape
    rows, columns = range(0, H - size + 1, stride), range(0, W - size + 1, stride)
    return [
        [image[r + i][c + j] for r in rows for c in columns]
        for i in range(size)
        for j in range(size)
    ]
""",
    ),
    "getattr for the mode": (
        "pool2d",
        """
def pool2d(image, size, stride, mode):
    how = getattr(np, {"average": "mean"}.get(mode, mode))
    H, W = image.shape
    rows, columns = range(0, H - size + 1, stride), range(0, W - size + 1, stride)
    return [[how(image[r:r + size, c:c + size]) for c in columns] for r in rows]
""",
    ),
    "from the top": (
        "receptive_field",
        """
def receptive_field(layers):
    r = 1
    for k, s in reversed(layers):
        r = s * (r - 1) + k
    return np.int32(r)
""",
    ),
    "pixel by pixel": (
        "maxpool_backward",
        """
def maxpool_backward(x, grad_y, size):
    out = {}
    for i in range(grad_y.shape[0]):
        for j in range(grad_y.shape[1]):
            down = range(i * size, i * size + size)
            across = range(j * size, j * size + size)
            cells = [(r, c) for r in down for c in across]
            best = max(cells, key=lambda rc: x[rc])
            out[best] = grad_y[i, j]
    return [[out.get((r, c), 0) for c in range(x.shape[1])] for r in range(x.shape[0])]
""",
    ),
    "einsum for the kernel": (
        "conv_backward",
        """
def conv_backward(x, kernel, grad_y):
    kh, kw = kernel.shape
    _, H, W = grad_y.shape
    grad_x = np.zeros(x.shape)
    grad_kernel = np.empty((kh, kw))
    for i in range(kh):
        for j in range(kw):
            grad_x[:, i:i + H, j:j + W] += kernel[i, j] * grad_y
            grad_kernel[i, j] = np.einsum("npq,npq->", x[:, i:i + H, j:j + W], grad_y)
    return grad_x, grad_kernel, grad_y.sum(axis=(0, 1, 2))
""",
    ),
    "from the surest": (
        "reject_curve",
        """
def reject_curve(outputs, labels):
    leads = [float(np.partition(row, -2)[-1] - np.partition(row, -2)[-2]) for row in outputs]
    bad = [int(np.argmax(row)) != label for row, label in zip(outputs, labels)]
    pairs = sorted(zip(leads, bad))
    return [sum(bad for _, bad in pairs[r:]) / (len(pairs) - r) for r in range(len(pairs))]
""",
    ),
    "a rule for each kind of layer": (
        "count_params",
        """
def count_params(spec):
    rules = {
        "conv": lambda s, i, o, g, b: g * (s * s * (i // g) * (o // g)) + o * b,
        "dense": lambda i, o: (i + 1) * o,
        "norm": lambda c: 2 * c,
    }
    return np.sum([rules[kind](*rest) for kind, *rest in spec])
""",
    ),
    "arrays are made to be counted": (
        "count_params",
        """
def count_params(spec):
    def one(kind, *n):
        if kind == "conv":
            k, i, o, g, b = n
            kernel = np.zeros((k, k, i // g, o))
            return kernel.size + (o if b else 0)
        if kind == "dense":
            return np.zeros((n[0] + 1, n[1])).size
        return 2 * n[0]
    return sum(one(*layer) for layer in spec)
""",
    ),
    "the middle two of four edges": (
        "iou",
        """
def iou(a, b):
    x1, y1, x2, y2 = a
    u1, v1, u2, v2 = b
    if x2 <= u1 or u2 <= x1 or y2 <= v1 or v2 <= y1:
        return 0
    xs = sorted([x1, x2, u1, u2])
    ys = sorted([y1, y2, v1, v2])
    shared = (xs[2] - xs[1]) * (ys[2] - ys[1])
    return shared / ((x2 - x1) * (y2 - y1) + (u2 - u1) * (v2 - v1) - shared)
""",
    ),
    "all overlaps at once": (
        "nms",
        """
def nms(boxes, scores, threshold):
    x1, y1, x2, y2 = boxes.T
    area = (x2 - x1) * (y2 - y1)
    order = scores.argsort()[::-1]
    keep = []
    while order.size > 0:
        i = order[0]
        keep.append(i)
        rest = order[1:]
        w = np.maximum(0, np.minimum(x2[i], x2[rest]) - np.maximum(x1[i], x1[rest]))
        h = np.maximum(0, np.minimum(y2[i], y2[rest]) - np.maximum(y1[i], y1[rest]))
        inter = w * h
        order = rest[inter / (area[i] + area[rest] - inter) <= threshold]
    return np.array(keep)
""",
    ),
    "a mask of those alive": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    i = w * h
    return i / ((a[2]-a[0])*(a[3]-a[1]) + (b[2]-b[0])*(b[3]-b[1]) - i)


def nms(boxes, scores, threshold):
    alive = np.ones(len(scores), bool)
    order = np.argsort(-scores)
    for r, i in enumerate(order):
        if alive[i]:
            for j in order[r + 1:]:
                if iou(boxes[i], boxes[j]) > threshold:
                    alive[j] = False
    return [i for i in order if alive[i]]
""",
    ),
    "all boxes at once, the last one first": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6), np.float64)
    boxes = np.asarray(boxes, float)
    c = (boxes[:, :2] + boxes[:, 2:]) / 2 * cells / size
    at = np.floor(c).astype(int)
    sides = (boxes[:, 2:] - boxes[:, :2]) / size
    rows = np.column_stack([np.ones(len(boxes)), c - at, sides, classes])
    for k in range(len(boxes))[::-1]:
        t[at[k, 1], at[k, 0]] = rows[k]
    return t
""",
    ),
    "nested lists and divmod": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = [[[0] * 6 for _ in range(cells)] for _ in range(cells)]
    for k in range(len(boxes)):
        x1, y1, x2, y2 = boxes[k].tolist()
        j, x = divmod((x1 + x2) / 2 * cells / size, 1)
        i, y = divmod((y1 + y2) / 2 * cells / size, 1)
        if not t[int(i)][int(j)][0]:
            t[int(i)][int(j)] = [1, x, y, (x2 - x1) / size, (y2 - y1) / size, int(classes[k])]
    return t
""",
    ),
    "the curve with its two ends": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    order = np.argsort(-scores)
    h = hits[order]
    tp = np.cumsum(h)
    fp = np.cumsum(~h)
    rec = tp / positives
    prec = tp / (tp + fp)
    mrec = np.concatenate(([0.0], rec, [1.0]))
    mpre = np.concatenate(([0.0], prec, [0.0]))
    for i in range(mpre.size - 1, 0, -1):
        mpre[i - 1] = np.maximum(mpre[i - 1], mpre[i])
    i = np.where(mrec[1:] != mrec[:-1])[0]
    return np.sum((mrec[i + 1] - mrec[i]) * mpre[i + 1])
""",
    ),
    "from the worst detection up": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    pairs = sorted(zip(scores.tolist(), hits.tolist()), reverse=True)
    best, area = 0.0, 0.0
    found = sum(hit for _, hit in pairs)
    for rank in range(len(pairs), 0, -1):
        best = max(best, found / rank)
        if pairs[rank - 1][1]:
            area += best
            found -= 1
    return area / positives
""",
    ),
    "accumulate": (
        "rnn_forward",
        """
from itertools import accumulate
def rnn_forward(x, h0, W, U, b):
    states = accumulate(x, lambda h, row: np.tanh(row @ W + h @ U + b), initial=h0)
    return list(states)[1:]
""",
    ),
    "eig": (
        "spectral_radius",
        """
def spectral_radius(U):
    values, vectors = np.linalg.eig(U)
    return sorted(map(abs, values))[-1]
""",
    ),
    "singular values": (
        "jacobian_norms",
        """
def jacobian_norms(h, U):
    out, P = [], np.identity(len(U))
    for state in list(h[1:][::-1]) + [None]:
        out.append(np.linalg.svd(P)[1].max())
        if state is not None:
            P = U @ np.diag(1 - state ** 2) @ P
    return tuple(out)
""",
    ),
    "hypot of all": (
        "clip_by_global_norm",
        """
import math
def clip_by_global_norm(grads, limit):
    norm = math.hypot(*np.concatenate([g.ravel() for g in grads.values()]))
    scale = min(1.0, limit / norm) if norm else 1
    return dict(zip(grads, (scale * g for g in grads.values())))
""",
    ),
    "np.split": (
        "lstm_step",
        """
def lstm_step(x, h, c, W, U, b):
    z = np.concatenate([x, h, [1]]) @ np.vstack([W, U, b])
    gates = {n: part for n, part in zip("ifgo", np.array_split(z, 4))}
    s = {n: (1 + np.tanh(gates[n] / 2)) / 2 for n in "ifo"}
    c = s["f"] * c + s["i"] * np.tanh(gates["g"])
    return s["o"] * np.tanh(c), c
""",
    ),
    "a product for each cell": (
        "belt_gradient",
        """
def belt_gradient(f):
    return [np.prod(f[t + 1:]) for t in range(len(f))]
""",
    ),
    "a walk with two states": (
        "legal_next_symbols",
        """
def legal_next_symbols(prefix, grammar):
    if len(prefix) < 2:
        return ["B", "PT"][len(prefix)]
    where, tail = 0, None
    for symbol in prefix[2:]:
        if tail is not None:
            tail += symbol
        else:
            where = grammar[where][symbol]
            tail = "" if where == 7 else None
    if tail is None:
        return "".join(sorted(grammar[where]))
    return (prefix[1] + "E")[len(tail):][:1]
""",
    ),
    "a masked dot product": (
        "adding_target",
        """
def adding_target(values, marks):
    return np.float32(0) + 0.5 + np.dot(values, np.equal(marks, 1)) / 4
""",
    ),
    "a GRU in loops": (
        "gru_step",
        """
import math
def gru_step(x, h, params, reset_after):
    n = len(h)
    def block(k, v, extra):
        out = []
        for j in range(n):
            t = sum(v[i] * params["wh"][i][k*n+j] for i in range(n))
            out.append(t + (params["b_h"][k*n+j] if extra else 0))
        return out
    def inp(k):
        W, b = params["wx"], params["b"]
        return [sum(x[i] * W[i][k*n+j] for i in range(len(x))) + b[k*n+j] for j in range(n)]
    z = [1/(1+math.exp(-(p+q))) for p, q in zip(inp(0), block(0, h, reset_after))]
    r = [1/(1+math.exp(-(p+q))) for p, q in zip(inp(1), block(1, h, reset_after))]
    if reset_after:
        c = [p + rr*q for p, q, rr in zip(inp(2), block(2, h, True), r)]
    else:
        c = [p + q for p, q in zip(inp(2), block(2, [rr*hh for rr, hh in zip(r, h)], False))]
    return [zz*hh + (1-zz)*math.tanh(t) for zz, hh, t in zip(z, h, c)]
""",
    ),
    "inputs by np.insert": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    return np.insert(targets, 0, start, axis=1)[:, :-1], targets
""",
    ),
    "a mask for the padding": (
        "pad_left",
        """
def pad_left(rows, pad):
    n = np.array([len(r) for r in rows])
    out = np.full((len(rows), n.max()), float(pad))
    out[np.arange(n.max()) >= n.max() - n[:, None]] = np.concatenate(rows)
    return out
""",
    ),
    "logaddexp and an average": (
        "attend",
        """
def attend(query, states):
    s = (states * query).sum(-1)
    log_total = np.logaddexp.reduce(s)
    w = np.exp(s - log_total)
    return np.average(states, axis=0, weights=w), w
""",
    ),
    "finished sequences apart": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    live, done = [([start], 0.0)], []
    for _ in range(longest):
        cand = [(t + [k], s + log_p[t[-1], k]) for t, s in live for k in range(len(log_p))]
        cand = sorted(cand + done, key=lambda c: -c[1])[:width]
        done = [c for c in cand if c[0][-1] == stop]
        live = [c for c in cand if c[0][-1] != stop]
    best = max(done + live, key=lambda c: c[1])
    return best[0][1:], best[1]
""",
    ),
    "a beam on a heap": (
        "beam_search",
        """
import heapq
def beam_search(log_p, start, stop, width, longest):
    beams = [(0.0, (start,))]
    for _ in range(longest):
        options = []
        for s, t in beams:
            after = enumerate(log_p[t[-1]])
            options += [(s, t)] if t[-1] == stop else [(s + v, t + (k,)) for k, v in after]
        beams = heapq.nlargest(width, options)
        if all(t[-1] == stop for _, t in beams):
            break
    return np.array(beams[0][1][1:]), np.float64(beams[0][0])
""",
    ),
    "a mean that runs over the devices": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    mean, seen = None, 0
    for s, n in zip(shards, sizes):
        if n == 0:
            continue
        seen += n
        if mean is None:
            mean = {k: v.astype(float) for k, v in s.items()}
        else:
            mean = {k: mean[k] + (s[k] - mean[k]) * n / seen for k in mean}
    return mean
""",
    ),
    "nan turned into zeros": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    w = np.array(sizes) / np.sum(sizes)
    out = {}
    for k in shards[0]:
        g = np.nan_to_num(np.stack([s[k] for s in shards]))
        out[k] = np.tensordot(w, g, axes=1)
    return out
""",
    ),
    "a speed-up as one fraction": (
        "amdahl",
        """
def amdahl(parallel, workers):
    return workers / (workers * (1 - parallel) + parallel)
""",
    ),
    "a product of one-hot rows": (
        "confusion",
        """
def confusion(y, predicted, classes):
    return np.eye(classes)[y].T @ np.eye(classes)[predicted]
""",
    ),
    "a table of counts in lists": (
        "confusion",
        """
def confusion(y, predicted, classes):
    pairs = list(zip(y, predicted))
    return [[pairs.count((i, j)) for j in range(classes)] for i in range(classes)]
""",
    ),
    "shares by two counts": (
        "group_error_rates",
        """
def group_error_rates(y, predicted, group):
    names, place = np.unique(group, return_inverse=True)
    shares = np.bincount(place, weights=y != predicted) / np.bincount(place)
    return dict(zip(names, shares))
""",
    ),
    "two counters": (
        "group_error_rates",
        """
def group_error_rates(y, predicted, group):
    from collections import Counter
    n = Counter(group.tolist())
    w = Counter(group[y != predicted].tolist())
    return {g: w[g] / n[g] for g in n}
""",
    ),
    "a card written at once": (
        "model_card",
        """
def model_card(texts, y, predicted, group):
    names, sizes = np.unique(group, return_counts=True)
    wrong = np.array([np.mean((y != predicted)[group == n]) for n in names])
    get = lambda key: texts[key] if key in texts else 'not stated'
    return {
        'name': get('name'), 'intended_use': get('intended_use'), 'limits': get('limits'),
        'training_data': get('training_data'), 'evaluation_data': get('evaluation_data'),
        'examples': y.size, 'error': (sizes * wrong).sum() / sizes.sum(),
        'group_examples': dict(zip(names, sizes)), 'group_errors': dict(zip(names, wrong)),
        'worst_group': names[wrong.argmax()],
    }
""",
    ),
}
