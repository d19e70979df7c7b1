"""Each thing that is known of Pelican, and the tests that show how we live with it."""

import re
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[1] / "site"

# What Pelican does, as observed with 4.12 -> tests of a real build.
SIGNALS = {
    "tags added before the taxonomy signal ends reach tag pages, tag feeds and templates": (
        "test_topics_are_tags_before_tag_pages_feeds_and_templates_are_fed",
    ),
    "tags of translations reach no tag page": ("test_a_translation_is_on_no_tag_page",),
    "tags of drafts and hidden posts reach no page and no feed": (
        "test_drafts_and_hidden_posts_make_no_tag_page",
        "test_nothing_of_an_unpublished_post_is_in_a_public_file",
        "test_an_unpublished_post_changes_no_public_file",
    ),
    "articles are pickled between the two article signals": (
        "test_a_cached_article_holds_nothing_of_ours",
        "test_what_refers_to_other_posts_is_set_after_the_cache_is_written",
    ),
    "content and summary are memoised, and read too early keep raw links": (
        "test_content_and_summary_are_not_read_before_every_file_is_known",
        "test_a_later_plugins_rewrite_of_the_content_is_kept",
    ),
    "other plugins have written into the content by then": (
        "test_the_place_among_the_plugins_changes_nothing",
        "test_the_order_of_the_plugins_changes_nothing_that_we_set",
        "test_posts_that_other_plugins_drop_are_simply_not_there",
    ),
    "receivers are held weakly, and functions of a module connect once": (
        "test_receivers_are_functions_of_the_module_and_connect_once",
        "test_receivers_are_still_there_after_a_garbage_collection",
        "test_26_registering_again_does_nothing_twice",
    ),
    "a plugin taken out of the settings keeps firing": (
        "test_a_plugin_taken_out_of_the_settings_is_silent_in_the_same_process",
    ),
    "an exception on some signals drops the post without a word": (
        "test_we_listen_to_no_signal_that_swallows_a_fault",
    ),
    "an exception on the others ends the build": (
        "test_a_fault_costs_one_feature_of_one_post",
        "test_a_fault_in_what_is_done_for_all_posts_stops_no_build",
        "test_any_kind_of_exception_is_held",
        "test_an_interrupt_is_not_held",
        "test_fatal_warnings_stops_at_a_fault_and_at_nothing_else",
    ),
    "an exception in register drops the plugin and the build goes on": (
        "test_a_wrong_setting_stops_the_build_before_any_post_is_read",
        "test_a_wrong_setting_is_named_with_its_value_and_what_is_allowed",
        "test_a_wrong_taxonomy_stops_the_build_with_file_topic_and_key",
    ),
    "what ends a build is logged with a traceback": (
        "test_what_is_wrong_is_told_without_a_traceback",
        "test_other_faults_keep_their_traceback",
    ),
    "plugins are known by short names": ("test_the_plugin_works_under_each_of_its_names",),
}
TAGS = {
    "a tag is its slug": (
        "test_two_spellings_of_one_tag_on_a_post_are_listed_once",
        "test_a_topic_whose_slug_the_post_has_is_not_added_again",
    ),
    "the first article's spelling names the page": (
        "test_the_authors_spelling_names_the_page_for_every_post",
        "test_06_the_displayed_tag_name_is_the_same_in_every_build",
    ),
    "a slug may be empty": ("test_a_topic_whose_slug_is_empty_becomes_no_tag",),
    "the list of tags is that of the metadata and of the cache": (
        "test_the_list_in_the_metadata_is_never_changed",
        "test_the_tags_of_a_post_pickle_as_the_author_wrote_them",
    ),
    "assigned tags come back from the generator cache": (
        "test_tags_of_an_earlier_build_do_not_come_back_with_tagging_switched_off",
    ),
    "two pages with one path end the build": (
        "test_a_topic_never_stops_a_build_that_was_healthy",
        "test_a_topic_page_never_meets_another_topic_page",
        "test_page_2_of_a_topic_never_meets_the_page_of_another_tag",
        "test_a_page_that_only_our_posts_add_to_an_authors_tag_does_not_meet_another",
        "test_a_topic_page_meets_no_file_that_differs_in_case_or_slashes_alone",
    ),
    "a control character ends the build at the first feed that holds the post": (
        "test_a_new_tag_feed_pulls_no_post_that_cannot_be_written_to_a_feed",
        "test_without_tag_feeds_such_a_post_has_its_topics",
    ),
    "tag pages may be switched off": ("test_without_tag_pages_nothing_links_to_one",),
    "settings change slugs": ("test_slugs_are_made_by_the_sites_own_settings",),
    "tags from path metadata arrive raw": (
        "test_a_list_of_tags_that_path_metadata_shares_between_posts_stays_as_it_is",
        "test_a_raw_string_of_tags_is_read_as_the_author_meant_it",
    ),
}
CACHES = {
    "what does not pickle breaks the next build": (
        "test_a_setting_that_does_not_pickle_breaks_no_later_build_more_than_without_us",
        "test_what_we_put_on_an_article_never_keeps_the_cache_from_being_written",
    ),
    "cached articles carry old settings and an old context": (
        "test_the_cache_is_really_used",
        "test_a_warm_build_equals_a_clean_one",
        "test_a_picture_of_a_cached_article_is_resolved_like_any_other",
        "test_after_a_setting_changed_a_warm_build_equals_a_clean_one",
        "test_after_a_post_changed_a_warm_build_equals_a_clean_one",
        "test_after_a_line_of_the_taxonomy_changed_a_warm_build_equals_a_clean_one",
        "test_a_rebuild_in_one_process_over_caches_equals_a_clean_build",
    ),
    "caches outlive the plugin": (
        "test_the_plugin_taken_out_leaves_nothing_in_the_caches",
        "test_the_plugin_put_in_over_a_warm_cache_gives_what_a_clean_build_gives",
    ),
    "pages are pickled after articles are finished, and hold them": (
        "test_no_cache_of_a_site_with_pages_needs_us",
        "test_a_long_blog_with_a_page_can_be_cached",
    ),
}
PROCESSES = {
    "one process builds again and again": (
        "test_the_fiftieth_rebuild_in_one_process_equals_the_first",
        "test_one_instance_that_runs_again_gives_the_same",
        "test_no_module_keeps_anything_of_a_build",
    ),
    "builds nest in builds": (
        "test_a_build_nested_in_another_gives_what_separate_builds_give",
        "test_a_language_looks_the_same_whether_its_site_is_the_main_one_or_nested",
    ),
    "translations come in an order that varies": (
        "test_translations_are_taken_in_an_order_of_our_own",
        "test_translations_keep_their_own_excerpt_badges_topics_and_related_posts",
        "test_a_translation_relates_to_no_other_version_of_itself",
    ),
    "dates are naive and aware": ("test_22_naive_and_aware_dates_live_together",),
}
SUMMARY = {
    "only metadata and the private attribute change lists and feeds": (
        "test_lists_and_feeds_show_the_excerpt_where_there_is_no_summary",
        "test_an_unlisted_formatted_field_does_not_keep_the_excerpt_from_the_list",
    ),
    "an empty line yields an empty summary": ("test_an_empty_summary_is_none",),
    "without formatted fields a summary stays Markdown": ("test_a_summary_that_stays_markdown_is_text",),
    "front matter becomes attributes, of strings": (
        "test_a_line_of_front_matter_is_never_left_as_a_string_that_templates_loop_over",
        "test_no_line_of_front_matter_stops_a_build_that_goes_on_without_us",
        "test_a_picture_that_the_author_named_is_still_the_authors_text_in_other_themes",
    ),
}
LIMITS = {
    "some things stop any build": ("test_a_limit_of_pelicans_stays_what_it_is",),
    "thousands of brackets cost it minutes": (
        "test_twenty_thousand_brackets_cost_us_little_beside_what_they_cost_pelican",
    ),
    "feeds without entries carry the time": ("test_a_feed_without_entries_is_pelicans_own",),
    "its own theme prints titles unescaped": (
        "test_pelicans_own_theme_shows_no_token_that_it_did_not_show_without_us",
    ),
}
SECTIONS = (SIGNALS, TAGS, CACHES, PROCESSES, SUMMARY, LIMITS)


def names_of_tests(pattern):
    found = {}
    for file in SITE.glob(pattern):
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE):
            assert name not in found, f"{name} is in {found.get(name)} and in {file.name}"
            found[name] = file.name
    return found


@pytest.mark.parametrize("section", SECTIONS)
def test_every_habit_of_pelicans_has_its_tests(section):
    tests = names_of_tests("test_*.py")
    assert {habit: [name for name in names if name not in tests] for habit, names in section.items()} == {
        habit: [] for habit in section
    }
    assert all(section.values())


def test_every_test_of_the_contract_shows_a_habit():
    shown = {name for section in SECTIONS for names in section.values() for name in names}
    bugs = re.compile(r"test_\d\d_|test_every_bug_of_the_list_has_its_test")
    assert [
        name for name in names_of_tests("test_contract_*.py") if name not in shown and not bugs.match(name)
    ] == []
