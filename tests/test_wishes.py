"""What somebody wants watched is read from their words, in any script; nothing but a clear error comes of other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wishes
from bot.errors import UserError
from bot.filters import Filters
from bot.questions import naming
from bot.wishes import HERE, LONGEST_NAME, ME, Wish


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("Acme Optics", Wish("Acme Optics")),
        ('"Acme Optics"', Wish("Acme Optics", quoted=True)),
        ("“Acme Optics”", Wish("Acme Optics", quoted=True)),
        ("大连机床", Wish("大连机床")),
        ("شركة النور للبصريات", Wish("شركة النور للبصريات")),
        ("for Acme Optics", Wish("Acme Optics")),
        ("list SDN", Wish("SDN", "list")),
        ("topic nitrocellulose", Wish("nitrocellulose", "topic")),
        ('name "Acme Optics"', Wish("Acme Optics", "name", quoted=True)),
        ("entity ofac:47368", Wish("ofac:47368", "entity")),
        ("the Entity List", Wish("the Entity List")),
        ("O'Neill & Sons Ltd.", Wish("O'Neill & Sons Ltd")),
        ("&lt;Acme&gt; &amp; Sons", Wish("<Acme> & Sons")),
    ],
)
def test_the_words_say_what_is_to_be_watched(said: str, wish: Wish) -> None:
    assert wishes.read(said) == wish


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Acme Optics", ""),
        ("Acme Optics here", HERE),
        ("Acme Optics for this channel", HERE),
        ("for this channel Acme Optics", HERE),
        ("Acme Optics for us.", HERE),
        ("Acme Optics for me", ME),
        ("for me Acme Optics", ME),
        ("Acme Optics, just for me", ME),
        ("me name Acme Optics", ME),
    ],
)
def test_they_may_say_for_whom(said: str, place: str) -> None:
    assert (wishes.read(said).place, wishes.read(said).text) == (place, "Acme Optics")


@pytest.mark.parametrize("name", ["Here Technologies", "Me Bank", '"for me"', "Watch Tower", "Listo Optics"])
def test_names_that_hold_such_words_stay_whole(name: str) -> None:
    assert wishes.read(name).text == name.strip('"')


@pytest.mark.parametrize(
    ("message", "text", "place"),
    [
        ("watch Acme Optics", "Acme Optics", ""),
        ("watch Acme Optics please", "Acme Optics", ""),
        ("watch Acme Optics for me, thanks!", "Acme Optics", ME),
        ('watch "Say Please"', "Say Please", ""),
        ("please watch out for Acme Optics", "Acme Optics", ""),
        ("tell me when Acme Optics appears", "Acme Optics", ME),
        ("Can you let us know when Acme Optics shows up?", "Acme Optics", HERE),
        ("tell me if Acme Optics is delisted", "Acme Optics", ME),
        ("alert me if Acme Optics is added to the SDN list", "Acme Optics", ME),
        ("notify us of changes to the SDN list", "the SDN list", HERE),
        ("let us know when anything changes on the Entity List", "the Entity List", HERE),
        ('tell me when "Changes Ltd" appears', "Changes Ltd", ME),
        ("alert us about nitrocellulose", "nitrocellulose", HERE),
        ("关注大连机床", "大连机床", ""),
        ("大连机床被制裁时告诉我们", "大连机床", HERE),
    ],
)
def test_a_message_that_wants_something_watched_is_told_from_others(message: str, text: str, place: str) -> None:
    wish = wishes.asked(message)
    assert wish is not None
    assert (wish.text, wish.place) == (text, place)


@pytest.mark.parametrize(
    "message",
    [
        "is Watch Tower flagged?",
        "tell me about Acme Optics",
        "tell me if Hikvision is sanctioned",
        "tell me when Hikvision was listed",
        "tell me when they were added",
        "tell me what changed",
        "who is watching?",
        "watch",
    ],
)
def test_a_question_is_no_wish(message: str) -> None:
    assert wishes.asked(message) is None


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("unwatch Acme Optics", "Acme Optics"),
        ("stop watching w-7f3a", "w-7f3a"),
        ("unwatch all", "all"),
        ("please don't watch Acme Optics any more", "Acme Optics"),
        ("unwatch", ""),
        ("watch Acme Optics", None),
    ],
)
def test_a_message_says_what_is_to_be_watched_no_longer(message: str, what: str | None) -> None:
    assert wishes.ended(message) == what


@pytest.mark.parametrize("said", ["", "  ", "for me", "here", '""', "?!", "— …"])
def test_where_nothing_is_named_the_error_says_what_can_be(said: str) -> None:
    with pytest.raises(UserError, match="Say what to watch"):
        wishes.read(said)


def test_a_name_that_is_too_long_is_refused() -> None:
    with pytest.raises(UserError, match=f"{LONGEST_NAME} characters at the most"):
        wishes.read("Acme " * 50)


@pytest.mark.parametrize(
    ("said", "points"), [("it", True), ("them", True), ('"it"', False), ("name it", False), ("IT AG", False)]
)
def test_a_wish_may_point_at_what_was_talked_of(said: str, points: bool) -> None:
    assert wishes.read(said).pointing is points


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(said: str) -> None:
    for read in (wishes.read, wishes.asked, wishes.ended):
        try:
            read(said)
        except UserError:
            continue


@given(
    st.lists(
        st.sampled_from('for me here " list topic name entity watch tell when appears SDN China 大连 : . \n'.split(" "))
    )
)
def test_the_words_of_wishes_in_any_order_are_read_or_refused(words: list[str]) -> None:
    said = " ".join(words)
    for read in (wishes.read, wishes.asked, naming.lists):
        try:
            read(said)
        except UserError:
            continue


@pytest.mark.parametrize(
    ("said", "labels", "countries"),
    [
        ("SDN", ("SDN list",), ()),
        ("the Entity List", ("Entity List",), ()),
        ("UN list", ("UN list",), ()),
        ("SDN China", ("SDN list",), ("cn",)),
        ("Chinese firms on the SDN list", ("SDN list",), ("cn",)),
        ("SDN and EU lists", ("SDN list", "EU lists"), ()),
        ("实体清单", ("Entity List",), ()),
        ("SDN名单 中国", ("SDN list",), ("cn",)),
        ("the SDN list for Chinese companies", ("SDN list",), ("cn",)),
    ],
)
def test_words_that_name_official_lists_are_read_as_those(
    said: str, labels: tuple[str, ...], countries: tuple[str, ...]
) -> None:
    read = naming.lists(said) or Filters()
    assert (tuple(one.label for one in read.lists), read.countries) == (labels, countries)


@pytest.mark.parametrize(
    "said", ["UK Steel Ltd", "Bis Industries", "Treasury Wine Estates", "China", "Acme Optics", ""]
)
def test_a_name_with_the_word_of_a_list_in_it_is_no_list(said: str) -> None:
    assert naming.lists(said) is None


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("topic", "“topic” is nothing to watch. Say what to watch"),
        ("everything", "is nothing to watch"),
        ("-h", "Say what to watch"),
        ("export portfolio", "A portfolio is a file of names"),
        ("Portfolio clients", "name Portfolio clients"),
        ("Acme Optics every day", "leave out “every day”"),
        ("Entity List Atlantis", "speaks of a list and of something else"),
        ("Hikvision and SDN", "Say one at a time"),
        ("China", "nobody in particular"),
        ("all Chinese firms", "nobody in particular"),
        ("Acme Optics for #general", "the channel that it is said in"),
        ("Acme Optics for <@U2>", "the channel that it is said in"),
        ("Acme Optics for U2", "the channel that it is said in"),
    ],
)
def test_what_is_no_name_is_refused_in_a_line_that_says_what_is_meant(said: str, says: str) -> None:
    for read in (wishes.read, lambda said: wishes.asked(f"watch {said}")):
        with pytest.raises(UserError, match=says) as found:
            read(said)
        assert "\n" not in str(found.value)


@pytest.mark.parametrize("name", ["China Daily", "Bank of China", "Every Day Ltd", "UK Steel Ltd", "Search for Truth"])
def test_a_name_with_such_a_word_in_it_is_one(name: str) -> None:
    assert wishes.read(name).text == wishes.read(f"name {name}").text == name


def test_words_that_are_said_to_be_a_name_are_one_and_what_is_watched_can_be_ended() -> None:
    assert wishes.read('"everything"').text == wishes.read("name everything").text == "everything"
    assert wishes.unwanted("all") == Wish("all")
    assert wishes.unwanted("Portfolio clients for me") == Wish("Portfolio clients", place=ME)


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("what is watched?", True),
        ("What are we watching here?", True),
        ("which names are watched", True),
        ("show me the watchlist", True),
        ("关注了哪些", True),
        ("what is Watch Tower?", False),
        ("who watches over Acme Optics?", False),
        ("what watches are sanctioned?", False),
    ],
)
def test_a_message_may_ask_what_is_watched(message: str, asks: bool) -> None:
    assert wishes.lists(message) is asks


def test_the_id_of_a_watch_is_no_name_unless_that_is_said() -> None:
    with pytest.raises(UserError, match="“w-1” looks like the id of a watch, which “unwatch w-1” ends"):
        wishes.read("w-1")
    assert wishes.read("name W-1").text == "W-1"
