"""A third set of answers, from the texts of exercises 09, 10, 11, 11b, 14 and 17 to 21 alone."""

# name: (function, code, words that the hint must contain)
WRONG = {
    "glorot_limit: root of three": (
        "glorot_limit",
        """
def glorot_limit(fan_in, fan_out):
    return np.sqrt(3) * 2 / (fan_in + fan_out)
""",
        "covers the 3 alone",
    ),
    "glorot_limit: half power int": (
        "glorot_limit",
        """
def glorot_limit(fan_in, fan_out):
    return (6 / (fan_in + fan_out)) ** 1/2
""",
        "the power 1, divided by 2",
    ),
    "he_std: square": (
        "he_std",
        """
def he_std(fan_in):
    return np.square(2 / fan_in)
""",
        "You square the variance",
    ),
    "activation_sizes: np.max": (
        "activation_sizes",
        """
def activation_sizes(x, kernels, activation):
    sizes = []
    for w in kernels:
        z = x @ w
        if activation == "relu":
            x = np.max(0, z)
        else:
            x = np.tanh(z)
        sizes.append(np.sqrt(np.mean(x ** 2)))
    return sizes
""",
        "takes the second value for an axis",
    ),
    "activation_sizes: always from x": (
        "activation_sizes",
        """
def activation_sizes(x, kernels, activation):
    sizes = []
    for w in kernels:
        z = x @ w
        a = np.maximum(0, z) if activation == "relu" else np.tanh(z)
        sizes.append(np.sqrt(np.mean(a ** 2)))
    return sizes
""",
        "gets the input x from you",
    ),
    "activation_sizes: relu derivative": (
        "activation_sizes",
        """
def activation_sizes(x, kernels, activation):
    sizes = []
    a = x
    for w in kernels:
        z = a @ w
        a = (z > 0) if activation == "relu" else np.tanh(z)
        sizes.append(np.sqrt(np.mean(a ** 2)))
    return sizes
""",
        "the slope of ReLU",
    ),
    "activation_sizes: star": (
        "activation_sizes",
        """
def activation_sizes(x, kernels, activation):
    sizes = []
    for w in kernels:
        z = x * w
        x = np.maximum(z, 0) if activation == "relu" else np.tanh(z)
        sizes.append(np.sqrt(np.mean(x ** 2)))
    return sizes
""",
        "`*` multiplies number by number",
    ),
    "delta_sizes: reverse returns None": (
        "delta_sizes",
        """
def delta_sizes(x, kernels, activation, grad):
    acts = []
    a = x
    for w in kernels:
        a = a @ w
        a = np.maximum(a, 0) if activation == "relu" else np.tanh(a)
        acts.append(a)
    sizes = []
    for w, a in zip(kernels[::-1], acts[::-1]):
        slope = (a > 0) if activation == "relu" else 1 - a ** 2
        delta = grad * slope
        sizes.append(np.sqrt(np.mean(delta ** 2)))
        grad = delta @ w.T
    return sizes.reverse()
""",
        "`sizes.reverse(...)` changes `sizes` and returns None",
    ),
    "delta_sizes: slope of tanh of a": (
        "delta_sizes",
        """
def delta_sizes(x, kernels, activation, grad):
    acts = []
    a = x
    for w in kernels:
        a = a @ w
        a = np.maximum(a, 0) if activation == "relu" else np.tanh(a)
        acts.append(a)
    sizes = []
    for w, a in zip(kernels[::-1], acts[::-1]):
        slope = (a > 0) if activation == "relu" else 1 - np.tanh(a) ** 2
        delta = grad * slope
        sizes.append(np.sqrt(np.mean(delta ** 2)))
        grad = delta @ w.T
    return sizes[::-1]
""",
        "tanh of it once more",
    ),
    "delta_sizes: input stored": (
        "delta_sizes",
        """
def delta_sizes(x, kernels, activation, grad):
    acts = [x]
    a = x
    for w in kernels:
        a = a @ w
        a = np.maximum(a, 0) if activation == "relu" else np.tanh(a)
        acts.append(a)
    sizes = []
    for i in reversed(range(len(kernels))):
        slope = (acts[i] > 0) if activation == "relu" else 1 - acts[i] ** 2
        delta = grad * slope
        sizes.append(np.sqrt(np.mean(delta ** 2)))
        grad = delta @ kernels[i].T
    return sizes[::-1]
""",
        "the slope of the layer before",
    ),
    "delta_sizes: no transpose": (
        "delta_sizes",
        """
def delta_sizes(x, kernels, activation, grad):
    acts = []
    a = x
    for w in kernels:
        a = a @ w
        a = np.maximum(a, 0) if activation == "relu" else np.tanh(a)
        acts.append(a)
    sizes = []
    for w, a in zip(kernels[::-1], acts[::-1]):
        slope = (a > 0) if activation == "relu" else 1 - a ** 2
        delta = grad * slope
        sizes.append(np.sqrt(np.mean(delta ** 2)))
        grad = delta @ w
    return sizes[::-1]
""",
        "the kernel is transposed",
    ),
    "delta_sizes: list reversed iterator": (
        "delta_sizes",
        """
def delta_sizes(x, kernels, activation, grad):
    acts = []
    a = x
    for w in kernels:
        a = a @ w
        a = np.maximum(a, 0) if activation == "relu" else np.tanh(a)
        acts.append(a)
    sizes = []
    for w, a in zip(kernels[::-1], acts[::-1]):
        slope = (a > 0) if activation == "relu" else 1 - a ** 2
        delta = grad * slope
        sizes.append(np.sqrt(np.mean(delta ** 2)))
        grad = delta @ w.T
    return reversed(sizes)
""",
        "`list(...)`",
    ),
    "dead_share: loop divides by rows": (
        "dead_share",
        """
def dead_share(x, kernel, bias):
    z = x @ kernel + bias
    dead = 0
    for j in range(z.shape[1]):
        alive = False
        for i in range(z.shape[0]):
            if z[i, j] > 0:
                alive = True
        if not alive:
            dead += 1
    return dead / len(z)
""",
        "by that of the examples",
    ),
    "early_stop: enumerate strict": (
        "early_stop",
        """
def early_stop(losses, patience):
    best = 0
    wait = 0
    for i in range(1, len(losses)):
        if losses[i] < losses[i - 1]:
            best = i
            wait = 0
        else:
            wait += 1
            if wait == patience:
                return i, best
    return len(losses) - 1, best
""",
        "with the one before",
    ),
    "early_stop: counts first": (
        "early_stop",
        """
def early_stop(losses, patience):
    best = losses[0]
    best_i = 0
    wait = 0
    for i, loss in enumerate(losses):
        if loss < best:
            best = loss
            best_i = i
            wait = 0
        else:
            wait += 1
        if wait == patience:
            return i, best_i
    return i, best_i
""",
        "You count epoch 0",
    ),
    "dropout: np.random call": (
        "dropout",
        """
def dropout(x, rate, random, training):
    if training:
        mask = (random.random(x.shape) >= rate) / (1 - rate)
        return x * mask, mask
    return x, np.ones(x.shape)
""",
        "`random` is the argument here",
    ),
    "ridge: eye n": (
        "ridge",
        """
def ridge(x, y, strength):
    return np.linalg.solve(x.T @ x + strength * np.eye(len(x)), x.T @ y)
""",
        "a row for each example",
    ),
    "ridge: power minus one": (
        "ridge",
        """
def ridge(x, y, strength):
    return (x.T @ x + strength * np.eye(x.shape[1])) ** -1 @ x.T @ y
""",
        "and that is no inverse",
    ),
    "ridge: solve args": (
        "ridge",
        """
def ridge(x, y, strength):
    return np.linalg.solve(x.T @ y, x.T @ x + strength * np.eye(x.shape[1]))
""",
        "The matrix comes first",
    ),
    "ridge: bias column": (
        "ridge",
        """
def ridge(x, y, strength):
    x = np.c_[np.ones(len(x)), x]
    return np.linalg.solve(x.T @ x + strength * np.eye(x.shape[1]), x.T @ y)
""",
        "a column of ones",
    ),
    "folds: np split": (
        "folds",
        """
def folds(n, k):
    return np.split(np.arange(n), k)
""",
        "`np.array_split` gives",
    ),
    "folds: float size": (
        "folds",
        """
def folds(n, k):
    rows = np.arange(n)
    size = n / k
    return [rows[i * size:(i + 1) * size] for i in range(k)]
""",
        "A slice begins and ends at whole numbers, and size is 2.0",
    ),
    "folds: all to first": (
        "folds",
        """
def folds(n, k):
    size, rest = divmod(n, k)
    out = [np.arange(0, size + rest)]
    start = size + rest
    for i in range(k - 1):
        out.append(np.arange(start, start + size))
        start += size
    return out
""",
        "into the first part",
    ),
    "folds: start not moved": (
        "folds",
        """
def folds(n, k):
    out = []
    for i in range(k):
        size = n // k + (1 if i < n % k else 0)
        out.append(np.arange(i * size, i * size + size))
    return out
""",
        "begins where the one before ends",
    ),
    "knn: axis": (
        "knn",
        """
def knn(x_train, y_train, x, k):
    out = []
    for row in x:
        d = ((x_train - row) ** 2).sum(axis=0)
        near = np.argsort(d)[:k]
        out.append(np.bincount(y_train[near]).argmax())
    return np.array(out)
""",
        "a number for each feature",
    ),
    "knn: sort": (
        "knn",
        """
def knn(x_train, y_train, x, k):
    out = []
    for row in x:
        d = ((x_train - row) ** 2).sum(axis=1)
        near = np.sort(d)[:k]
        out.append(np.bincount(y_train[near]).argmax())
    return np.array(out)
""",
        "come from `np.argsort`",
    ),
    "knn: mean of labels": (
        "knn",
        """
def knn(x_train, y_train, x, k):
    out = []
    for row in x:
        d = ((x_train - row) ** 2).sum(axis=1)
        near = np.argsort(d)[:k]
        out.append(round(y_train[near].mean()))
    return np.array(out)
""",
        "Labels are names",
    ),
    "knn: counter tie": (
        "knn",
        """
from collections import Counter
def knn(x_train, y_train, x, k):
    out = []
    for row in x:
        d = ((x_train - row) ** 2).sum(axis=1)
        near = np.argsort(d)[:k]
        out.append(Counter(y_train[near].tolist()).most_common(1)[0][0])
    return np.array(out)
""",
        "the smaller label wins",
    ),
    "naive_bayes_fit: axis1": (
        "naive_bayes_fit",
        """
def naive_bayes_fit(x, y):
    means, variances, shares = [], [], []
    for c in np.unique(y):
        means.append(np.mean(x[y == c], axis=1))
        variances.append(np.var(x[y == c], axis=1))
        shares.append(np.mean(y == c))
    return np.array(means), np.array(variances), np.array(shares)
""",
        "over the features of each example",
    ),
    "naive_bayes_fit: for c in y": (
        "naive_bayes_fit",
        """
def naive_bayes_fit(x, y):
    means, variances, shares = [], [], []
    for c in y:
        means.append(np.mean(x[y == c], axis=0))
        variances.append(np.var(x[y == c], axis=0))
        shares.append(np.mean(y == c))
    return np.array(means), np.array(variances), np.array(shares)
""",
        "through the labels of all examples",
    ),
    "naive_bayes_fit: range max": (
        "naive_bayes_fit",
        """
def naive_bayes_fit(x, y):
    means, variances, shares = [], [], []
    for c in range(max(y)):
        means.append(np.mean(x[y == c], axis=0))
        variances.append(np.var(x[y == c], axis=0))
        shares.append(np.mean(y == c))
    return np.array(means), np.array(variances), np.array(shares)
""",
        "Your last class is missing",
    ),
    "naive_bayes_fit: var of all": (
        "naive_bayes_fit",
        """
def naive_bayes_fit(x, y):
    k = len(np.unique(y))
    means = np.array([x[y == c].mean(axis=0) for c in range(k)])
    variances = np.array([((x - means[c]) ** 2).mean(axis=0) for c in range(k)])
    return means, variances, np.bincount(y) / len(y)
""",
        "of all examples from the mean of a class",
    ),
    "naive_bayes: max all": (
        "naive_bayes",
        """
def naive_bayes(x, means, variances, shares):
    squares = (x[:, None] - means) ** 2 / variances
    z = np.log(shares) - 0.5 * (squares + np.log(variances)).sum(axis=2)
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)
""",
        "the largest score of all rows",
    ),
    "naive_bayes: sum all": (
        "naive_bayes",
        """
def naive_bayes(x, means, variances, shares):
    squares = (x[:, None] - means) ** 2 / variances
    z = np.log(shares) - 0.5 * (squares + np.log(variances)).sum(axis=2)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum()
""",
        "the sum of all rows",
    ),
    "naive_bayes: half on first only": (
        "naive_bayes",
        """
def naive_bayes(x, means, variances, shares):
    out = []
    for row in x:
        z = np.array(
            [
                np.log(s) - 0.5 * np.sum((row - m) ** 2 / v) + np.sum(np.log(v))
                for m, v, s in zip(means, variances, shares)
            ]
        )
        e = np.exp(z - z.max())
        out.append(e / e.sum())
    return np.array(out)
""",
        "belongs to both",
    ),
    "naive_bayes: log10": (
        "naive_bayes",
        """
def naive_bayes(x, means, variances, shares):
    z = np.log10(shares) - 0.5 * (
        ((x[:, None] - means) ** 2) / variances + np.log10(variances)
    ).sum(axis=2)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
        "powers of ten",
    ),
    "naive_bayes: variance squared": (
        "naive_bayes",
        """
def naive_bayes(x, means, variances, shares):
    z = np.log(shares) - 0.5 * (((x[:, None] - means) / variances) ** 2 + np.log(variances)).sum(
        axis=2
    )
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
""",
        "You square the variance, too",
    ),
    "kmeans_step: mean without axis": (
        "kmeans_step",
        """
def kmeans_step(x, centres):
    clusters = []
    for row in x:
        d = ((row - centres) ** 2).sum(axis=1)
        clusters.append(np.argmin(d))
    clusters = np.array(clusters)
    new = centres.copy()
    for c in range(len(centres)):
        if (clusters == c).any():
            new[c] = x[clusters == c].mean()
    return clusters, new
""",
        "one mean of all features",
    ),
    "kmeans_step: list compare": (
        "kmeans_step",
        """
def kmeans_step(x, centres):
    clusters = []
    for row in x:
        d = ((row - centres) ** 2).sum(axis=1)
        clusters.append(int(np.argmin(d)))
    new = centres.copy()
    for c in range(len(centres)):
        if c in clusters:
            new[c] = x[clusters == c].mean(axis=0)
    return clusters, new
""",
        "clusters is a list",
    ),
    "kmeans_step: last of ties": (
        "kmeans_step",
        """
def kmeans_step(x, centres):
    clusters = np.zeros(len(x), dtype=int)
    for i in range(len(x)):
        best = np.inf
        for c in range(len(centres)):
            d = np.sum((x[i] - centres[c]) ** 2)
            if d <= best:
                best = d
                clusters[i] = c
    new = centres.copy()
    for c in range(len(centres)):
        if (clusters == c).any():
            new[c] = x[clusters == c].mean(axis=0)
    return clusters, new
""",
        "you take the last one",
    ),
    "best_split: unsorted": (
        "best_split",
        """
def best_split(x, y):
    best, best_t = 9, None
    for i in range(len(x) - 1):
        t = (x[i] + x[i + 1]) / 2
        left, right = y[x < t], y[x >= t]
        g = 0
        for side in (left, right):
            if len(side) == 0:
                continue
            p = np.bincount(side) / len(side)
            g += len(side) / len(y) * (1 - np.sum(p ** 2))
        if g < best:
            best, best_t = g, t
    return best_t
""",
        "in the order in which x comes",
    ),
    "best_split: sorted x only": (
        "best_split",
        """
def best_split(x, y):
    best, best_t = 9, None
    x = np.sort(x)
    for i in range(len(x) - 1):
        if x[i] == x[i + 1]:
            continue
        t = (x[i] + x[i + 1]) / 2
        left, right = y[x < t], y[x >= t]
        g = 0
        for side in (left, right):
            p = np.bincount(side) / len(side)
            g += len(side) / len(y) * (1 - np.sum(p ** 2))
        if g < best:
            best, best_t = g, t
    return best_t
""",
        "y stays as it was",
    ),
    "best_split: binary gini": (
        "best_split",
        """
def best_split(x, y):
    best, best_t = 9, None
    v = np.unique(x)
    for i in range(len(v) - 1):
        t = (v[i] + v[i + 1]) / 2
        g = 0
        for side in (y[x < t], y[x >= t]):
            p = np.mean(side)
            g += len(side) / len(y) * (1 - p ** 2 - (1 - p) ** 2)
        if g < best:
            best, best_t = g, t
    return best_t
""",
        "That holds for 0 and 1 alone",
    ),
    "best_split: entropy": (
        "best_split",
        """
def best_split(x, y):
    best, best_t = 9, None
    v = np.unique(x)
    for i in range(len(v) - 1):
        t = (v[i] + v[i + 1]) / 2
        g = 0
        for side in (y[x < t], y[x >= t]):
            p = np.bincount(side) / len(side)
            p = p[p > 0]
            g += len(side) / len(y) * -(p * np.log2(p)).sum()
        if g < best:
            best, best_t = g, t
    return best_t
""",
        "by the entropy",
    ),
    "best_split: returns impurity": (
        "best_split",
        """
def best_split(x, y):
    best = 9
    v = np.unique(x)
    for i in range(len(v) - 1):
        t = (v[i] + v[i + 1]) / 2
        g = 0
        for side in (y[x < t], y[x >= t]):
            p = np.bincount(side) / len(side)
            g += len(side) / len(y) * (1 - np.sum(p ** 2))
        if g < best:
            best = g
    return best
""",
        "You return an impurity",
    ),
    "best_split: index": (
        "best_split",
        """
def best_split(x, y):
    order = np.argsort(x)
    x, y = x[order], y[order]
    def gini(s):
        return 1 - sum((np.sum(s == c) / len(s)) ** 2 for c in set(s))
    g = [i / len(x) * gini(y[:i]) + (len(x) - i) / len(x) * gini(y[i:]) for i in range(1, len(x))]
    i = np.argmin(g)
    return (x[i] + x[i + 1]) / 2
""",
        "the same value",
    ),
    "best_split: loop short": (
        "best_split",
        """
def best_split(x, y):
    best, best_t = 9, None
    v = np.unique(x)
    for i in range(len(v) - 2):
        t = (v[i] + v[i + 1]) / 2
        g = 0
        for side in (y[x < t], y[x >= t]):
            p = np.bincount(side) / len(side)
            g += len(side) / len(y) * (1 - np.sum(p ** 2))
        if g < best:
            best, best_t = g, t
    return best_t
""",
        "between the two largest values",
    ),
    "iou: y turned": (
        "iou",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[1], b[1]) - max(a[3], b[3]))
    area = (a[2] - a[0]) * (a[1] - a[3]) + (b[2] - b[0]) * (b[1] - b[3])
    return w * h / (area - w * h)
""",
        "for growing upwards",
    ),
    "iou: np.max pair": (
        "iou",
        """
def iou(a, b):
    x1 = np.max(a[0], b[0])
    y1 = np.max(a[1], b[1])
    x2 = np.min(a[2], b[2])
    y2 = np.min(a[3], b[3])
    s = max(0, x2 - x1) * max(0, y2 - y1)
    return s / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - s)
""",
        "takes the second value for an axis",
    ),
    "iou: np.max zero": (
        "iou",
        """
def iou(a, b):
    w = np.max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = np.max(0, min(a[3], b[3]) - max(a[1], b[1]))
    s = w * h
    return s / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - s)
""",
        "takes the second value for an axis",
    ),
    "nms: remove while iterating": (
        "nms",
        """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0])); h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)
def nms(boxes, scores, threshold):
    order = list(np.argsort(-scores))
    keep = []
    while order:
        best = order.pop(0)
        keep.append(best)
        for j in order:
            if iou(boxes[best], boxes[j]) > threshold:
                order.remove(j)
    return keep
""",
        "while the loop goes through it",
    ),
    "encode_grid: float index": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    cell = size / cells
    for (x1, y1, x2, y2), c in zip(boxes, classes):
        cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
        col, row = cx / cell, cy / cell
        if t[row, col, 0] == 0:
            t[row, col] = [
                1,
                cx / cell - col,
                cy / cell - row,
                (x2 - x1) / size,
                (y2 - y1) / size,
                c,
            ]
    return t
""",
        "`int(row)`",
    ),
    "encode_grid: floordiv float": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = np.zeros((cells, cells, 6))
    cell = size / cells
    for (x1, y1, x2, y2), c in zip(boxes, classes):
        cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
        col, row = cx // cell, cy // cell
        t[row, col, 0] = 1
        t[row, col, 1] = cx % cell / cell
    return t
""",
        "`int(row)`",
    ),
    "average_precision: arange from zero": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    hits = hits[np.argsort(-scores)]
    prec = np.cumsum(hits) / np.arange(len(hits))
    ap = 0
    for i in range(len(hits)):
        if hits[i]:
            ap += max(prec[i:]) / positives
    return ap
""",
        "You divide by 0, 1, 2",
    ),
    "gru_step: wrong key": (
        "gru_step",
        """
def sigmoid(t):
    return 1 / (1 + np.exp(-t))
def gru_step(x, h, params, reset_after):
    u = len(h)
    a = x @ params["w_x"] + params["b"]
    s = h @ params["w_h"] + (params["b_h"] if reset_after else 0)
    z = sigmoid(a[:u] + s[:u]); r = sigmoid(a[u:2*u] + s[u:2*u])
    g = np.tanh(a[2*u:] + r * s[2*u:])
    return z * h + (1 - z) * g
""",
        "Is 'wx' meant?",
    ),
    "gru_step: third block stops early": (
        "gru_step",
        """
def sigmoid(t):
    return 1 / (1 + np.exp(-t))
def gru_step(x, h, params, reset_after):
    u = len(h)
    a = x @ params["wx"] + params["b"]
    s = h @ params["wh"] + (params["b_h"] if reset_after else 0)
    z = sigmoid(a[:u] + s[:u]); r = sigmoid(a[u:] + s[u:])
    g = np.tanh(a[2*u:] + r * s[2*u:])
    return z * h + (1 - z) * g
""",
        "Your block of r goes on to the end",
    ),
    "pad_left: pad number": (
        "pad_left",
        """
def pad_left(rows, pad):
    n = max(len(r) for r in rows)
    return np.array([pad * (n - len(r)) + r for r in rows])
""",
        "`[pad] * (n - len(r))`",
    ),
    "attend: max forgotten below": (
        "attend",
        """
def attend(query, states):
    s = states @ query
    w = np.exp(s - s.max()) / np.sum(np.exp(s))
    return w @ states, w
""",
        "above the line alone",
    ),
    "attend: max abs by zero": (
        "attend",
        """
def attend(query, states):
    s = states @ query
    s = s / s.max()
    w = np.exp(s) / np.sum(np.exp(s))
    return w @ states, w
""",
        "You divide the scores by the largest",
    ),
    "attend: cumul int zeros": (
        "attend",
        """
def attend(query, states):
    w = np.zeros(len(states), dtype=int)
    s = states @ query
    for t in range(len(states)):
        w[t] = np.exp(s[t] - s.max())
    w = w / w.sum()
    return w @ states, w
""",
        "`w` holds whole numbers",
    ),
    "beam_search: append none": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    beams = [(0.0, [start])]
    for _ in range(longest):
        new = []
        for total, toks in beams:
            if toks[-1] == stop:
                new.append((total, toks))
                continue
            for t in range(len(log_p)):
                new.append((total + log_p[toks[-1], t], toks.append(t)))
        beams = sorted(new, reverse=True)[:width]
    total, toks = beams[0]
    return toks[1:], total
""",
        "`toks.append(...)` changes `toks` and returns None",
    ),
    "split_heads: permute": (
        "split_heads",
        """
def split_heads(x, heads):
    T, D = x.shape
    return x.reshape(T, heads, D // heads).permute(1, 0, 2)
""",
        "PyTorch's `permute`",
    ),
    "join_heads: view": (
        "join_heads",
        """
def join_heads(x):
    h, t, w = x.shape
    return x.transpose(1, 0, 2).view(t, h * w)
""",
        "What PyTorch calls `view`",
    ),
    "measure_reader: nan": (
        "measure_reader",
        """
def measure_reader(y, predicted):
    n = len(y)
    e = np.mean(y != predicted)
    se = np.sqrt(e * (1 - e) / n)
    shares = [np.mean(predicted[y == d] != d) for d in range(10)]
    worst = int(np.argmax(shares))
    table = np.zeros((10, 10))
    for a, b in zip(y, predicted):
        if a != b:
            table[a, b] += 1
    return e, se, worst, divmod(int(table.argmax()), 10)
""",
        "A digit that never comes",
    ),
    "measure_reader: argmax flat": (
        "measure_reader",
        """
def measure_reader(y, predicted):
    n = len(y)
    e = np.mean(y != predicted)
    se = np.sqrt(e * (1 - e) / n)
    shares = [np.mean(predicted[y == d] != d) if (y == d).any() else 0 for d in range(10)]
    worst = int(np.argmax(shares))
    table = np.zeros((10, 10))
    for a, b in zip(y, predicted):
        if a != b:
            table[a, b] += 1
    return e, se, worst, table.argmax()
""",
        "divmod(place, 10)",
    ),
    "measure_reader: unique places": (
        "measure_reader",
        """
def measure_reader(y, predicted):
    n = len(y)
    e = np.mean(y != predicted)
    se = np.sqrt(e * (1 - e) / n)
    shares = [np.mean(predicted[y == d] != d) for d in np.unique(y)]
    worst = int(np.argmax(shares))
    table = np.zeros((10, 10))
    for a, b in zip(y, predicted):
        if a != b:
            table[a, b] += 1
    return e, se, worst, divmod(int(table.argmax()), 10)
""",
        "among the digits that come",
    ),
    "choose_simplest: strict": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    b = e.min()
    se = np.sqrt(b * (1 - b) / n)
    for i in range(len(e)):
        if e[i] < b + se:
            return i
""",
        "`At most` is <=",
    ),
    "choose_simplest: own error": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    se = np.sqrt(e * (1 - e) / n)
    for i in range(len(e)):
        if e[i] - se[i] <= e.min():
            return i
""",
        "its own standard error",
    ),
    "choose_simplest: se n twice": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    b = e.min()
    se = np.sqrt(b * (1 - b)) / n
    return int(np.argmax(e <= b + se))
""",
        "it is too low",
    ),
    "choose_simplest: where": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    b = e.min()
    se = np.sqrt(b * (1 - b) / n)
    return np.where(e <= b + se)
""",
        "`[0][0]`",
    ),
    "choose_simplest: last error": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    e = wrong / n
    b = e[-1]
    se = np.sqrt(b * (1 - b) / n)
    for i in range(len(e)):
        if e[i] <= b + se:
            return i
""",
        "the most complicated machine",
    ),
    "split_by_hands: one per hand": (
        "split_by_hands",
        """
def split_by_hands(hands):
    names, counts = np.unique(hands, return_counts=True)
    lack = np.array([0.6, 0.2, 0.2]) * len(hands)
    part = np.zeros(len(names), dtype=int)
    for i in np.argsort(-counts):
        p = lack.argmax()
        part[i] = p
        lack[p] -= counts[i]
    return part
""",
        "one answer for each hand",
    ),
    "find_faults: loc": (
        "find_faults",
        """
def find_faults(train_x, train_y, test_x):
    out = []
    for row in test_x:
        d = ((train_x - row) ** 2).sum(axis=1)
        out.append(train_y[np.argmin(d)])
    return out.append(0)
""",
        "`out.append(...)` changes `out` and returns None",
    ),
    "softmax_rows: total not reset": (
        "softmax_rows",
        """
def softmax_rows(scores, mask):
    out = np.zeros(scores.shape)
    total = 0
    for i in range(len(scores)):
        seen = [scores[i][j] for j in range(len(scores[i])) if mask[i][j]]
        if not seen:
            continue
        for j in range(len(scores[i])):
            if mask[i][j]:
                out[i][j] = np.exp(scores[i][j] - max(seen))
                total += out[i][j]
        out[i] /= total
    return out
""",
        "inside the loop over the rows",
    ),
    "attention: triu": (
        "attention",
        """
def attention(q, k, v, causal):
    s = q @ k.T / np.sqrt(q.shape[1])
    if causal:
        s = s + np.triu(np.ones(s.shape), 1) * -np.inf
    e = np.exp(s - s.max(axis=1, keepdims=True))
    w = e / e.sum(axis=1, keepdims=True)
    return w @ v, w
""",
        "0 times infinity is nan",
    ),
    "split_heads: slice start": (
        "split_heads",
        """
def split_heads(x, heads):
    w = x.shape[1] // heads
    out = []
    for h in range(heads):
        out.append(x[h * w:(h + 1) * w])
    return np.array(out)
""",
        "`x[a:b]` takes rows",
    ),
    "split_heads: heads width swapped": (
        "split_heads",
        """
def split_heads(x, heads):
    return np.array([x[:, h * heads:(h + 1) * heads] for h in range(heads)])
""",
        "as wide as there are heads",
    ),
    "join_heads: loop hstack first": (
        "join_heads",
        """
def join_heads(x):
    out = x[0]
    for h in range(len(x)):
        out = np.hstack([out, x[h]])
    return out
""",
        "The first head stands there twice",
    ),
    "join_heads: T T": (
        "join_heads",
        """
def join_heads(x):
    heads, T, w = x.shape
    out = np.zeros((T, heads * w))
    for h in range(heads):
        out[:, h:h + w] = x[h]
    return out
""",
        "one column after the one before",
    ),
    "sinusoidal_positions: reuse math": (
        "sinusoidal_positions",
        """
import math
def sinusoidal_positions(length, width):
    t = np.arange(length)
    p = np.zeros((length, width))
    for i in range(width // 2):
        p[:, 2 * i] = math.sin(t / 10000 ** (2 * i / width))
        p[:, 2 * i + 1] = math.cos(t / 10000 ** (2 * i / width))
    return p
""",
        "`np.sin`",
    ),
    "sinusoidal_positions: floor": (
        "sinusoidal_positions",
        """
def sinusoidal_positions(length, width):
    t = np.arange(length)[:, None]
    i = np.arange(width)[None, :] // 2
    a = t // 10000 ** (2 * i / width)
    return np.where(np.arange(width) % 2 == 0, np.sin(a), np.cos(a))
""",
        "`//` drops",
    ),
    "beam_search: returns beams": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    beams = [(0.0, [start])]
    for _ in range(longest):
        new = []
        for total, toks in beams:
            if toks[-1] == stop:
                new.append((total, toks))
                continue
            for t in range(len(log_p)):
                new.append((total + log_p[toks[-1], t], toks + [t]))
        beams = sorted(new, reverse=True)[:width]
    return beams[0]
""",
        "the pair as you kept it",
    ),
    "beam_search: total overwritten": (
        "beam_search",
        """
def beam_search(log_p, start, stop, width, longest):
    beams = [(0.0, [start])]
    for _ in range(longest):
        new = []
        for total, toks in beams:
            if toks[-1] == stop:
                new.append((total, toks))
                continue
            for t in range(len(log_p)):
                total += log_p[toks[-1], t]
                new.append((total, toks + [t]))
        beams = sorted(new, reverse=True)[:width]
    total, toks = beams[0]
    return toks[1:], total
""",
        "changes the total of the beginning",
    ),
    "teacher_forcing: overlapping": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    inputs = targets.copy()
    for i in range(len(inputs)):
        for j in range(1, inputs.shape[1]):
            inputs[i, j] = inputs[i, j - 1]
        inputs[i, 0] = start
    return inputs, targets
""",
        "the first symbol spreads",
    ),
    "teacher_forcing: minus one wrap": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    inputs = targets.copy()
    for i in range(len(targets)):
        for j in range(len(targets[i])):
            inputs[i][j] = targets[i][j - 1]
    return inputs, targets
""",
        "the index -1",
    ),
    "gru_step: dot r": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    sig = lambda t: 1 / (1 + np.exp(-t))
    u = len(h)
    a = x @ params["wx"] + params["b"]
    s = h @ params["wh"] + (params["b_h"] if reset_after else 0)
    z = sig(a[:u] + s[:u])
    r = sig(a[u:2*u] + s[u:2*u])
    g = np.tanh(a[2*u:] + (r * s[2*u:] if reset_after else r * h @ params["wh"][:, 2*u:]))
    return z @ h + (1 - z) @ g
""",
        "The gates act unit by unit",
    ),
    "attend: einsum wrong": (
        "attend",
        """
def attend(query, states):
    s = states * query
    s = s.sum(axis=0)
    w = np.exp(s - s.max()) / np.exp(s - s.max()).sum()
    return states @ w, w
""",
        "a score for each unit",
    ),
    "report_card: no f": (
        "report_card",
        r"""
def report_card(y, predicted, machine, data, purpose, limits):
    n = len(y)
    e = np.mean(y != predicted)
    return "{machine}\n{data}\n{purpose}\n{limits}\nTested on {n} digits\nError {e:.1f}"
""",
        "With an f in front",
    ),
    "report_card: no decimals": (
        "report_card",
        r"""
def report_card(y, predicted, machine, data, purpose, limits):
    n = len(y)
    e = np.mean(y != predicted)
    se = np.sqrt(e * (1 - e) / n)
    text = f"{machine}\n{data}\n{purpose}\n{limits}\nTested on {n} digits\n"
    return text + f"Error {100 * e} % +- {100 * se}"
""",
        "with one decimal",
    ),
    "report_card: list": (
        "report_card",
        """
def report_card(y, predicted, machine, data, purpose, limits):
    n = len(y)
    e = np.mean(y != predicted)
    return [machine, data, purpose, limits, str(n), f"{100*e:.1f} %"]
""",
        "makes one of many, a line each",
    ),
    "grid_graph: remainders": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    a = np.zeros((rows * columns, rows * columns), dtype=int)
    moves = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    if neighbours == 8:
        moves += [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    for r in range(rows):
        for c in range(columns):
            for dr, dc in moves:
                r2, c2 = (r + dr) % rows, (c + dc) % columns
                a[r * columns + c, r2 * columns + c2] = 1
    return a
""",
        "closed to a ring",
    ),
    "label_propagation: the start is no copy": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    m = a + np.eye(len(a))
    m = m / m.sum(axis=1, keepdims=True)
    known = labels >= 0
    s = np.zeros((len(labels), labels.max() + 1))
    s[known, labels[known]] = 1
    start = s
    for _ in range(steps):
        s[:] = m @ s
        s[known] = start[known]
    return s.argmax(axis=1)
""",
        "is no copy",
    ),
    "label_propagation: neighbours alone, nobody divided by 0": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    m = a / np.maximum(a.sum(axis=1, keepdims=True), 1)
    known = labels >= 0
    s = np.zeros((len(labels), labels.max() + 1))
    s[known, labels[known]] = 1
    start = s.copy()
    for _ in range(steps):
        s = m @ s
        s[known] = start[known]
    return s.argmax(axis=1)
""",
        "A node listens to itself, too",
    ),
    "label_propagation: columns of the labels that occur": (
        "label_propagation",
        """
def label_propagation(a, labels, steps):
    m = a + np.eye(len(a))
    m = m / m.sum(axis=1, keepdims=True)
    classes = np.unique(labels[labels >= 0])
    s = (labels[:, None] == classes) * 1.0
    known = labels >= 0
    start = s.copy()
    for _ in range(steps):
        s = m @ s
        s[known] = start[known]
    return classes[s.argmax(axis=1)]
""",
        "It takes 0",
    ),
    "fit_rbf: P full of ones": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    a = np.c_[features, np.ones(len(y))]
    p = np.ones((a.shape[1], a.shape[1]))
    p[-1, -1] = 0
    return np.linalg.solve(a.T @ a + ridge * p, a.T @ y)
""",
        "P is full of ones",
    ),
    "responsibilities: 1e-9": (
        "responsibilities",
        """
def responsibilities(gate, errors, variance):
    p = gate * np.exp(-errors / (2 * variance))
    return p / (p.sum(axis=1, keepdims=True) + 1e-9)
""",
        "A small number in the sum",
    ),
    "mixture_loss: over the examples": (
        "mixture_loss",
        """
def mixture_loss(gate, outputs, target):
    e = (target - outputs) ** 2
    m = e.min(axis=0)
    return m / 2 - np.log((gate * np.exp(-(e - m) / 2)).sum(axis=0))
""",
        "You add up over the examples",
    ),
    "average_gradients: one sum for all names": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    total = 0
    result = {}
    for k in shards[0]:
        for s, n in zip(shards, sizes):
            if n:
                total = total + s[k] * n / sum(sizes)
        result[k] = total
    return result
""",
        "Your sum goes on from one parameter to the next",
    ),
    "average_gradients: joined, the rows do not grow": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    pairs = [(s, n) for s, n in zip(shards, sizes) if n]
    mean, n = pairs[0]
    for other, m in pairs[1:]:
        mean = {k: (n * mean[k] + m * other[k]) / (n + m) for k in mean}
    return mean
""",
        "Its rows grow with each",
    ),
    "average_gradients: two devices": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    if len(shards) == 1:
        return shards[0]
    (a, n), (b, m) = [(s, n) for s, n in zip(shards, sizes)][:2]
    if n == 0:
        return dict(b)
    if m == 0:
        return dict(a)
    return {k: (n * a[k] + m * b[k]) / (n + m) for k in a}
""",
        "There may be more",
    ),
    "average_gradients: floor division": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    return {
        k: sum(n // sum(sizes) * s[k] for s, n in zip(shards, sizes) if n) for k in shards[0]
    }
""",
        "`//` rounds every share",
    ),
    "amdahl: ten seconds": (
        "amdahl",
        """
def amdahl(parallel, workers):
    return 10 / ((10 - parallel) + parallel / workers)
""",
        "All of the time is 1 here",
    ),
    "model_card: a text that is missing": (
        "model_card",
        """
def model_card(texts, y, predicted, group):
    card = {}
    for key in ("name", "intended_use", "training_data", "evaluation_data", "limits"):
        card[key] = texts[key]
    groups = sorted(set(group.tolist()))
    errors = {g: np.mean(y[group == g] != predicted[group == g]) for g in groups}
    card.update(examples=len(y), error=np.mean(y != predicted), group_errors=errors)
    card["group_examples"] = {g: np.sum(group == g) for g in groups}
    card["worst_group"] = max(groups, key=errors.get)
    return card
""",
        "The dictionary texts has no entry for 'training_data'",
    ),
}

# name: (function, code)
RIGHT = {
    "grid_graph: Kronecker products": (
        "grid_graph",
        """
def grid_graph(rows, columns, neighbours):
    line = lambda n: np.eye(n, k=1, dtype=int) + np.eye(n, k=-1, dtype=int)
    i = lambda n: np.eye(n, dtype=int)
    if neighbours == 4:
        return np.kron(i(rows), line(columns)) + np.kron(line(rows), i(columns))
    return np.kron(i(rows) + line(rows), i(columns) + line(columns)) - i(rows * columns)
""",
    ),
    "fit_rbf: rows for the ridge": (
        "fit_rbf",
        """
def fit_rbf(features, y, ridge):
    n, k = features.shape
    a = np.hstack([features, np.ones((n, 1))])
    extra = np.sqrt(ridge) * np.eye(k, k + 1)
    a, y = np.vstack([a, extra]), np.concatenate([y, np.zeros(k)])
    return np.linalg.lstsq(a, y, rcond=None)[0]
""",
    ),
    "average_gradients: two reports at a time": (
        "average_gradients",
        """
def average_gradients(shards, sizes):
    reports = [(shard, n) for shard, n in zip(shards, sizes) if n > 0]
    mean, rows = reports[0]
    for other, n in reports[1:]:
        mean = {k: (rows * mean[k] + n * other[k]) / (rows + n) for k in mean}
        rows += n
    return mean
""",
    ),
    "confusion: a histogram": (
        "confusion",
        """
def confusion(y, predicted, classes):
    edges = np.arange(classes + 1) - 0.5
    return np.histogram2d(y, predicted, bins=[edges, edges])[0]
""",
    ),
    "glorot_limit: math": (
        "glorot_limit",
        """
def glorot_limit(fan_in, fan_out):
    import math
    var = 2 / (fan_in + fan_out)
    return math.sqrt(var) * math.sqrt(3)
""",
    ),
    "he_std: recursion newton": (
        "he_std",
        """
def he_std(fan_in):
    v = 2 / fan_in
    r = v if v > 1 else 1.0
    for _ in range(200):
        r = (r + v / r) / 2
    return r
""",
    ),
    "activation_sizes: recursion einsum": (
        "activation_sizes",
        """
def activation_sizes(x, kernels, activation):
    if not kernels:
        return []
    z = np.einsum("bi,io->bo", x, kernels[0])
    a = z.clip(0) if activation == "relu" else (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)
    return [sum(v * v for v in a.flat) ** 0.5 / a.size**0.5] + activation_sizes(
        a, kernels[1:], activation
    )
""",
    ),
    "delta_sizes: recursive": (
        "delta_sizes",
        """
def delta_sizes(x, kernels, activation, grad):
    def go(a, ks):
        if len(ks) == 0:
            return grad, []
        out = (
            np.tanh(a @ ks[0])
            if activation == "tanh"
            else np.where(a @ ks[0] > 0, a @ ks[0], 0.0)
        )
        g, rest = go(out, ks[1:])
        d = g * (1 - out * out if activation == "tanh" else np.sign(out))
        return np.einsum("bo,io->bi", d, ks[0]), [np.linalg.norm(d) / np.sqrt(d.size)] + rest

    return go(x, list(kernels))[1]
""",
    ),
    "dead_share: max": (
        "dead_share",
        """
def dead_share(x, kernel, bias):
    return float(sum(1 for c in (np.vstack([x @ kernel]) + bias).T if max(c) <= 0)) / len(bias)
""",
    ),
    "early_stop: accumulate": (
        "early_stop",
        """
def early_stop(losses, patience):
    run = [int(np.argmin(losses[: i + 1])) for i in range(len(losses))]
    stops = [i for i, b in enumerate(run) if i - b >= patience] + [len(losses) - 1]
    return np.array([stops[0], run[stops[0]]])
""",
    ),
    "dropout: where": (
        "dropout",
        """
def dropout(x, rate, random, training):
    mask = np.where(np.logical_and(training, random < rate), 0, 1 / (1 - rate * training))
    return np.multiply(mask, x), mask
""",
    ),
    "ridge: stacked lstsq": (
        "ridge",
        """
def ridge(x, y, strength):
    k = x.shape[1]
    big = np.concatenate([x, strength ** 0.5 * np.eye(k)])
    return np.linalg.lstsq(big, np.append(y, np.zeros(k)), rcond=None)[0]
""",
    ),
    "folds: array split lists": (
        "folds",
        """
def folds(n, k):
    return [list(p) for p in np.array_split(range(n), k)]
""",
    ),
    "knn: einsum": (
        "knn",
        """
def knn(x_train, y_train, x, k):
    d = np.linalg.norm(x[:, None, :] - x_train[None], axis=-1)
    return [
        max(
            sorted(set(y_train.tolist())),
            key=lambda c: sum(y_train[i] == c for i in np.argsort(row, kind="stable")[:k]),
        )
        for row in d
    ]
""",
    ),
    "naive_bayes_fit: onehot": (
        "naive_bayes_fit",
        """
def naive_bayes_fit(x, y):
    hot = np.eye(y.max() + 1)[y]
    n = hot.sum(0)
    m = (hot.T @ x) / n[:, None]
    v = hot.T @ (x - m[y]) ** 2 / n[:, None]
    return [m, v, n / n.sum()]
""",
    ),
    "naive_bayes: logaddexp": (
        "naive_bayes",
        """
def naive_bayes(x, means, variances, shares):
    z = np.stack(
        [
            np.log(s) - ((x - m) ** 2 / v + np.log(v)) @ np.full(len(m), 0.5)
            for m, v, s in zip(means, variances, shares)
        ],
        axis=1,
    )
    return np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None]).tolist()
""",
    ),
    "kmeans_step: matmul": (
        "kmeans_step",
        """
def kmeans_step(x, centres):
    clusters = np.argmin(
        [[sum((a - b) ** 2 for a, b in zip(row, c)) for c in centres] for row in x], axis=1
    )
    hot = np.eye(len(centres))[clusters]
    n = hot.sum(0)[:, None]
    return clusters, np.where(n > 0, hot.T @ x / np.maximum(n, 1), centres)
""",
    ),
    "best_split: min key": (
        "best_split",
        """
def best_split(x, y):
    v = sorted(set(x.tolist()))
    ts = [a + (b - a) / 2 for a, b in zip(v, v[1:])]

    def imp(t):
        m = x > t
        return round(
            sum(
                len(s) - sum(s.tolist().count(c) ** 2 for c in set(s.tolist())) / len(s)
                for s in (y[m], y[~m])
            ),
            12,
        )

    return min(ts, key=imp)
""",
    ),
    "count_params: match": (
        "count_params",
        """
def count_params(spec):
    match spec:
        case []:
            return 0
        case [("conv", s, i, o, g, b), *rest]:
            return o * (s * s * i // g + b) + count_params(rest)
        case [("dense", i, o), *rest]:
            return (i + 1) * o + count_params(rest)
        case [("norm", c), *rest]:
            return c + c + count_params(rest)
""",
    ),
    "iou: prod clip": (
        "iou",
        """
def iou(a, b):
    a, b = np.reshape(a, (2, 2)), np.reshape(b, (2, 2))
    s = np.prod(np.clip(np.minimum(a[1], b[1]) - np.maximum(a[0], b[0]), 0, None))
    return s / (np.prod(np.diff(a, axis=0)) + np.prod(b[1] - b[0]) - s)
""",
    ),
    "nms: recursion masks": (
        "nms",
        """
def nms(boxes, scores, threshold):
    def over(b, rest):
        wh = np.minimum(b[2:], rest[:, 2:]) - np.maximum(b[:2], rest[:, :2])
        s = np.maximum(wh, 0).prod(axis=1)
        return s / ((b[2:] - b[:2]).prod() + (rest[:, 2:] - rest[:, :2]).prod(axis=1) - s)
    def go(left):
        if len(left) == 0:
            return []
        rest = left[1:]
        return [left[0]] + go(rest[over(boxes[left[0]], boxes[rest]) <= threshold])
    return np.array(go(np.argsort(scores)[::-1]), dtype=int)
""",
    ),
    "encode_grid: reversed lists": (
        "encode_grid",
        """
def encode_grid(boxes, classes, size, cells):
    t = [[[0.0] * 6 for _ in range(cells)] for _ in range(cells)]
    for b, c in list(zip(boxes, classes))[::-1]:
        (fx, i), (fy, j) = (np.modf((b[k] + b[k + 2]) * cells / (2 * size)) for k in (0, 1))
        t[int(j)][int(i)] = [1, fx, fy, (b[2] - b[0]) / size, (b[3] - b[1]) / size, c]
    return t
""",
    ),
    "average_precision: accumulate": (
        "average_precision",
        """
def average_precision(scores, hits, positives):
    pairs = sorted(zip(scores.tolist(), hits.tolist()), reverse=True)
    prec = [sum(h for _, h in pairs[: i + 1]) / (i + 1) for i in range(len(pairs))]
    env = np.maximum.accumulate(np.array(prec[::-1] + [0.0])[:-1])[::-1]
    return np.dot(env, [h / positives for _, h in pairs])
""",
    ),
    "gru_step: split": (
        "gru_step",
        """
def gru_step(x, h, params, reset_after):
    wz, wr, wg = np.split(params["wh"], 3, axis=1)
    az, ar, ag = np.hsplit(np.einsum("i,ij->j", x, params["wx"]) + params["b"], 3)
    bz, br, bg = np.hsplit(params["b_h"] * reset_after, 3)
    z, r = ((1 + np.tanh(t / 2)) / 2 for t in (az + h @ wz + bz, ar + h @ wr + br))
    return h * z + (1 - z) * np.tanh(ag + (r * (h @ wg + bg) if reset_after else (r * h) @ wg))
""",
    ),
    "teacher_forcing: list": (
        "teacher_forcing",
        """
def teacher_forcing(targets, start):
    return [[start, *row[:-1]] for row in targets.tolist()], targets.copy().tolist()
""",
    ),
    "pad_left: zip longest": (
        "pad_left",
        """
from itertools import zip_longest
def pad_left(rows, pad):
    cols = list(zip_longest(*[r[::-1] for r in rows], fillvalue=pad))
    return np.array(cols).T[:, ::-1]
""",
    ),
    "attend: loops": (
        "attend",
        """
def attend(query, states):
    s = [sum(a * b for a, b in zip(h, query)) for h in states]
    w = np.array([1 / sum(np.exp(np.minimum(np.array(s) - t, 700))) for t in s])
    return np.einsum("t,tu", w, states), list(w)
""",
    ),
    "beam_search: heap": (
        "beam_search",
        """
import heapq
def beam_search(log_p, start, stop, width, longest):
    def grow(beams, left):
        if left == 0:
            s, t = max(beams)
            return t, s
        pool = []
        for s, t in beams:
            if t and t[-1] == stop:
                pool.append((s, t))
            else:
                row = log_p[t[-1] if t else start]
                pool.extend((s + p, t + (i,)) for i, p in enumerate(row.tolist()))
        return grow(heapq.nlargest(width, pool), left - 1)
    return grow([(0.0, ())], longest)
""",
    ),
    "causal_mask: outer": (
        "causal_mask",
        """
def causal_mask(length):
    return np.greater_equal.outer(range(length), range(length)).tolist()
""",
    ),
    "attention: loop": (
        "attention",
        """
def attention(q, k, v, causal):
    w = np.zeros((len(q), len(k)))
    for i, a in enumerate(q):
        n = i + 1 if causal else len(k)
        s = np.array([np.vdot(a, b) for b in k[:n]]) / len(a) ** 0.5
        w[i, :n] = 1 / np.exp(np.clip(s - s[:, None], None, 700)).sum(axis=1)
    return np.einsum("ij,jw->iw", w, v), w
""",
    ),
    "split_heads: dsplit": (
        "split_heads",
        """
def split_heads(x, heads):
    return np.stack(np.hsplit(x, heads))
""",
    ),
    "join_heads: hstack lists": (
        "join_heads",
        """
def join_heads(x):
    return [[v for head in x for v in head[t]] for t in range(len(x[0]))]
""",
    ),
    "sinusoidal_positions: complex": (
        "sinusoidal_positions",
        """
def sinusoidal_positions(length, width):
    z = np.exp(1j * np.outer(np.arange(length), 1e4 ** (-np.arange(0, width, 2) / width)))
    return np.stack([z.imag, z.real], axis=-1).reshape(length, width)
""",
    ),
    "split_by_hands: dict list": (
        "split_by_hands",
        """
def split_by_hands(hands):
    from collections import Counter
    lack, part = [0.6 * len(hands), 0.2 * len(hands), 0.2 * len(hands)], {}
    for name, c in Counter(hands.tolist()).most_common():
        p = max(range(3), key=lack.__getitem__)
        part[name] = p
        lack[p] -= c
    return [part[h] for h in hands.tolist()]
""",
    ),
    "measure_reader: counter": (
        "measure_reader",
        """
from collections import Counter


def measure_reader(y, predicted):
    pairs = Counter(p for p in zip(y.tolist(), predicted.tolist()) if p[0] != p[1])
    e = sum(pairs.values()) / len(y)
    digits = sorted(set(y.tolist()))
    worst = max(
        digits, key=lambda d: sum(c for p, c in pairs.items() if p[0] == d) / y.tolist().count(d)
    )
    return [
        e,
        (e - e * e) ** 0.5 / len(y) ** 0.5,
        worst,
        list(min(pairs, key=lambda p: (-pairs[p], p))),
    ]
""",
    ),
    "choose_simplest: next": (
        "choose_simplest",
        """
def choose_simplest(wrong, n):
    b = min(wrong) / n
    return next(i for i, w in enumerate(wrong.tolist()) if w / n - b <= (b * (1 - b) / n) ** .5)
""",
    ),
    "report_card: words": (
        "report_card",
        r"""
def report_card(y, predicted, machine, data, purpose, limits):
    n = len(y)
    e = np.mean(y != predicted)
    se = np.sqrt(e * (1 - e) / n)
    t = np.zeros((10, 10), int)
    np.add.at(t, (y, predicted), 1)
    t[range(10), range(10)] = 0
    a, b = divmod(int(t.argmax()), 10)
    shares = [np.mean(predicted[y == d] != d) if (y == d).any() else 0 for d in range(10)]
    w = int(np.argmax(shares))
    lines = [
        "# Model card",
        "",
        "Machine: " + machine,
        "Trained on: " + data,
        "Purpose: " + purpose,
        "Not for: " + limits,
        "Number of test digits: " + str(n),
        "It misreads "
        + str(round(100 * e, 1))
        + " of 100 (standard error "
        + str(round(100 * se, 1))
        + ")",
        "The worst digit is the "
        + str(w)
        + ", with "
        + str(round(100 * shares[w], 1))
        + " % misread.",
        "Most often a " + str(a) + " was read as a " + str(b) + " (" + str(t[a, b]) + " times).",
    ]
    return "\n".join(lines)
""",
    ),
}
