import pytest

from pelican_mlnotes.settings import Settings, SettingsError, load_settings


def test_defaults_apply_when_nothing_is_set():
    assert load_settings({"SITENAME": "Notes"}) == Settings()


def test_a_setting_replaces_its_default():
    assert load_settings({"MLNOTES_EXCERPT_LENGTH": 200}).excerpt_length == 200


def test_badge_labels_keep_their_order():
    badges = load_settings({"MLNOTES_BADGES": {"video": "Film", "image": "Bild"}}).badges
    assert list(badges.items()) == [("video", "Film"), ("image", "Bild")]


def test_commands_for_formulas_may_have_a_backslash():
    macros = load_settings({"MLNOTES_MATH_MACROS": {r"\E": r"\mathbb{E}", "set": r"\{ #1 \}"}}).math_macros
    assert dict(macros) == {"E": r"\mathbb{E}", "set": r"\{ #1 \}"}


def test_an_unknown_name_suggests_the_nearest_setting():
    with pytest.raises(SettingsError, match=r"MLNOTES_EXCERT_LENGTH .* did you mean MLNOTES_EXCERPT_LENGTH"):
        load_settings({"MLNOTES_EXCERT_LENGTH": 200})


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("MAX_TOPICS", "MLNOTES_TOPICS_MAX"),
        ("MAX", "MLNOTES_TOPICS_MAX or MLNOTES_RELATED_MAX"),
        ("COLOUR_SCHEME", "MLNOTES_COLOR_SCHEME"),
    ],
)
def test_words_of_settings_in_another_order_or_spelling_suggest_them(name, suggested):
    with pytest.raises(SettingsError) as error:
        load_settings({f"MLNOTES_{name}": 1})
    expected = f"MLNOTES_{name} is not a setting of this plugin; did you mean {suggested}?"
    assert str(error.value) == expected


@pytest.mark.parametrize("name", ["MLNOTES_XYZ", "MLNOTES_FOO", "MLNOTES_", "MLNOTES_THRESHOLD"])
def test_a_name_like_no_setting_suggests_none(name):
    with pytest.raises(SettingsError) as error:
        load_settings({name: 1})
    assert str(error.value) == f"{name} is not a setting of this plugin"


@pytest.mark.parametrize("prefix", ["MLNOTE_", "MLNOTS_", "MLNTOES_", "MLNOTESS_", "ML_NOTES_", "MNLOTES_"])
def test_a_misspelt_prefix_suggests_the_setting(prefix):
    with pytest.raises(SettingsError) as error:
        load_settings({f"{prefix}MATH": "mathml", f"{prefix}EXCERPT_LENGHT": 10})
    assert f"{prefix}MATH is not a setting of this plugin; did you mean MLNOTES_MATH?" in str(error.value)
    assert "did you mean MLNOTES_EXCERPT_LENGTH?" in str(error.value)


@pytest.mark.parametrize(
    "name",
    ["MYNOTES_CSS", "NOTES_HEAD", "MLNOTEBOOK_CSS", "MLFLOW_LOGO", "MLNODE_TOKENS", "MLNOTE_X", "MLNOTES"],
)
def test_names_of_others_are_left_alone(name):
    assert load_settings({name: 1}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MLNOTES_EXCERPT_LENGTH", "long"),
        ("MLNOTES_EXCERPT_LENGTH", -1),
        ("MLNOTES_EXCERPT_LENGTH", True),
        ("MLNOTES_EXCERPT_CUT", "line"),
        ("MLNOTES_EXCERPT_CUT", ["word"]),
        ("MLNOTES_EXCERPT_ELLIPSIS", None),
        ("MLNOTES_EXCERPT_AS_SUMMARY", 1),
        ("MLNOTES_BADGES", ["image"]),
        ("MLNOTES_BADGES", {"picture": "Image"}),
        ("MLNOTES_BADGES", {"image": ""}),
        ("MLNOTES_TOPICS_MIN_SCORE", 1.5),
        ("MLNOTES_MATH_MACROS", [r"\E"]),
        ("MLNOTES_MATH_MACROS", {r"\E2": "x"}),
        ("MLNOTES_MATH_MACROS", {"E": None}),
        ("MLNOTES_MATH_MACROS", {"E": r"\mathbb{E"}),
    ],
)
def test_a_wrong_value_names_setting_value_and_what_is_allowed(name, value):
    with pytest.raises(SettingsError) as error:
        load_settings({name: value})
    assert str(error.value).startswith(f"{name} must be ")
    assert repr(value) in str(error.value)


def test_all_faults_are_reported_together():
    with pytest.raises(SettingsError, match=r"MLNOTES_A .*MLNOTES_TOPICS_MAX"):
        load_settings({"MLNOTES_TOPICS_MAX": -1, "MLNOTES_A": 1})


@pytest.mark.parametrize("value", ["search.html", "find/index.html", "find it/søk.html", ""])
def test_the_search_page_may_stand_anywhere_below_the_output(value):
    assert load_settings({"MLNOTES_SEARCH_SAVE_AS": value}).search_save_as == value


@pytest.mark.parametrize(
    "value",
    [
        *("/search.html", "../search.html", "a/../b.html", "c:x.html", "find/", None, 1, "\\x"),
        *(
            ".",
            "./",
            "find/.",
            "find/..",
            " ",
            "x.html ",
            "x\0.html",
            "x\n.html",
            "x\u202e.html",
            "\ud800.html",
        ),
        *("x?y.html", "x#z.html", "100%.html", "x%41.html", "x" * 300 + ".html", "é" * 120, "a/" * 600 + "x"),
    ],
)
@pytest.mark.parametrize("name", ["MLNOTES_SEARCH_SAVE_AS", "MLNOTES_PAPERS_SAVE_AS"])
def test_pages_of_ours_stand_nowhere_else(name, value):
    with pytest.raises(SettingsError, match=f"{name} must be a"):
        load_settings({name: value})


def test_folders_may_be_written_as_on_windows():
    assert load_settings({"MLNOTES_PAPERS_SAVE_AS": "lists\\all.html"}).papers_save_as == "lists/all.html"
