import pytest

from dlcourse.lessons import records
from dlcourse.lessons.lesson_19_graphs import results


def test_every_draw_is_counted_once():
    for row in results.wins("label propagation", "graph network").rows:
        assert sum(row[1:]) == len(results.few("graph network", row[0]))


def test_the_tables_say_where_they_come_from():
    for table in (results.few_labels(), results.deepest(), results.club_depth(), results.pixels()):
        assert results.COMMAND in table.caption
        assert results.record()["date"] in table.caption


def test_a_missing_record_is_named_with_its_command(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "RECORDS", tmp_path)
    results.record.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"graphs.json; make it with: python -m benchmarks"):
        results.record()
    results.record.cache_clear()
