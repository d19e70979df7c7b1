"""Words of front matter that are likely misspelt."""

from types import SimpleNamespace

import pytest

from pelican_mlnotes.plugin import misspelt


class Names:
    """A taxonomy that counts how often it is asked."""

    asked = 0

    def find(self, name):
        self.asked += 1

    def is_removed(self, name):
        return False


@pytest.mark.parametrize("length", [101, 20_000])
def test_a_name_longer_than_any_topic_s_is_no_misspelt_one(length):
    article, names = SimpleNamespace(metadata={"topics": "x" * length}), Names()
    assert list(misspelt.misspelt_topics([article], names, {})) == []
    assert names.asked == 1
