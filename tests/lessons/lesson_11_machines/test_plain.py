"""The machines from scratch, of the wing and in the lesson's cells, against scikit-learn's."""

import ast
import json

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier

from dlcourse.layout import NOTEBOOKS
from dlcourse.lessons.lesson_11_machines import plain


def shown():
    """Return the functions that the lesson's cells define, by name."""
    cells = json.loads((NOTEBOOKS / "11_machines.ipynb").read_text("utf-8"))["cells"]
    space = {"np": np}
    for cell in cells:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            functions = [part for part in tree.body if isinstance(part, ast.FunctionDef)]
            exec(compile(ast.Module(functions, []), "lesson", "exec"), space)
    return space


LESSON = shown()


def fresh(seed, classes=3):
    """Draw data that nobody has seen: 80 examples to learn from and 60 to be tested on."""
    x, y = make_classification(
        140, 6, n_informative=4, n_redundant=0, n_classes=classes, random_state=seed
    )
    return x[:80], y[:80], x[80:], y[80:]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [1, 2, 3, 8])
def test_neighbours(seed, k):
    x, y, new, _ = fresh(seed)
    theirs = KNeighborsClassifier(k).fit(x, y).predict(new)
    np.testing.assert_array_equal(plain.neighbours(x, y, new, k), theirs)


@pytest.mark.parametrize("seed", range(4))
def test_naive_bayes(seed):
    x, y, new, _ = fresh(seed)
    x[:, 0] = new[:, 0] = 3.0  # a feature that does not vary, such as a corner of an image
    mine = plain.probabilities(new, *plain.bells(x, y))
    np.testing.assert_allclose(mine, GaussianNB().fit(x, y).predict_proba(new), rtol=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_score_in_the_lesson_is_that_of_one_class(seed):
    x, y, new, _ = fresh(seed)
    scores = [LESSON["score"](new[0], x[y == c], np.mean(y == c)) for c in range(3)]
    p = np.exp(scores - max(scores))
    theirs = GaussianNB(var_smoothing=0).fit(x, y).predict_proba(new[:1])[0]
    np.testing.assert_allclose(p / p.sum(), theirs, rtol=1e-6)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("price", [0.1, 1.0])
def test_logistic_regression(seed, price):
    x, y, _, _ = fresh(seed, classes=2)
    w, b = LESSON["logistic_fit"](x, y, eta=0.2, C=price)
    theirs = LogisticRegression(C=price, tol=1e-8, max_iter=1000).fit(x, y)
    np.testing.assert_allclose(w, theirs.coef_[0], atol=1e-4)
    np.testing.assert_allclose(b, theirs.intercept_[0], atol=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_k_means(seed):
    x, _, _, _ = fresh(seed)
    start = x[np.random.default_rng(seed).choice(80, 4, replace=False)]
    clusters, centres = plain.kmeans(x, start)
    theirs = KMeans(4, init=start, n_init=1, algorithm="lloyd", tol=0, max_iter=1000).fit(x)
    np.testing.assert_allclose(centres, theirs.cluster_centers_, rtol=1e-9)
    np.testing.assert_array_equal(clusters, theirs.labels_)


def test_a_slip_would_be_seen():
    """With a variance too many, naive Bayes is not scikit-learn's."""
    x, y, new, _ = fresh(0)
    means, variances, shares = plain.bells(x, y)
    mine = plain.probabilities(new, means, variances * 80 / 79, shares)
    assert np.abs(mine - GaussianNB().fit(x, y).predict_proba(new)).max() > 1e-4
