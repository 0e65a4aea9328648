"""What is watched, as people set it in Slack: from now on, no longer, all there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bot import endings, freshness, ownership, watching, watchstatus, wishes
from bot.answers import Context
from bot.config import EVERYONE
from bot.dossier import Reading
from bot.errors import UserError
from bot.mail import WATCH_SET, Outgoing, Place, Taken
from bot.monitoring import Watch
from bot.office import SPOKEN, Office, letter
from bot.ownership import Owner
from bot.records import PUBLIC
from bot.reply import Message
from bot.store import channels, inbox, outbox, subscriptions, watches
from bot.watching import Proposal
from bot.wishes import HERE, ME, Wish

WATCH = frozenset(("watch", "watches", "watching"))
SPECIAL = {
    "list": frozenset(("", "list", "all", "status", "show", "help", "settings", "what")),
    "export": frozenset(("export", "download", "csv")),
    "portfolio": frozenset(("portfolio", "a portfolio", "my portfolio", "our portfolio", "upload", "file")),
}
"""Words behind `watch` that name nothing to be watched, by what is wanted then."""

EITHER = "either"
"""Stands in a button's value where it is left open for whom."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Somebody's wish that is being dealt with: where it is said to all, where its asker alone hears of it (the same where there
    is no such place), and by which name the asker is known."""

    item: Taken
    here: Place
    alone: Place
    by: str

    @property
    def is_overheard(self) -> bool:
        """Whether all in a channel hear what is said to the asker."""
        return not self.alone.response_url and ownership.is_channel(self.alone)

    def in_person(self) -> "Errand":
        """The same where others would hear the reply: it goes to the asker as a direct message."""
        direct = Place(self.here.workspace, self.here.user, self.here.user)
        return replace(self, alone=direct) if self.is_overheard else self

    def aloud(self, said: Message, channel: str) -> Outgoing:
        """A message that everybody in a channel sees."""
        there = self.here if channel == self.here.channel else Place(self.here.workspace, channel, self.here.user)
        return letter(there, said, f"{WATCH_SET}{self.item.number}", {})

    def quietly(self, said: Message) -> Outgoing:
        """A message that only the asker sees, where there is a way."""
        return letter(self.alone, said, f"reply:{self.item.number}", {})


@dataclass(frozen=True, slots=True)
class Done:
    """What was set: the watch, whether it is new, whether those in its channel are told, and in which words."""

    watch: Watch
    is_new: bool
    is_told: bool
    said: Message


def wish(text: str) -> tuple[str, str]:
    """What is wanted of the watches by a text: `add`, `end`, `list`, `export` or `portfolio`, and the words for it. Nothing at
    all where it asks something else."""
    first, _, rest = text.strip().partition(" ")
    if first.strip(".,:;!?").casefold() in WATCH:
        behind = " ".join(rest.casefold().strip(" .,:;!?").split())
        is_garbled = bool(rest.strip(" .!?")) and not behind
        if name := next((name for name, known in SPECIAL.items() if behind in known and not is_garbled), ""):
            return name, ""
    if wishes.lists(text):
        return "list", ""
    try:
        if (said := wishes.ended(text)) is not None:
            return "end", said
        return ("add", text) if wishes.asked(text) else ("", "")
    except UserError:
        # It is one, and cannot be read: whoever does it says so.
        return "add", text


def errand(item: Taken, place: Place, alone: Place, by: str) -> Errand:
    """The errand of who asked in a place. A notice to all goes to the channel itself: what one person sees has no thread. Raises
    UserError for people of other companies."""
    ownership.admit(place)
    here = replace(place, response_url="", thread="") if place.response_url else place
    return Errand(item, here, place if place.response_url else alone, by)


def watch(office: Office, one: Errand, text: str) -> None:
    """Has what a text names be watched. Raises UserError where that cannot be read, is not stored, or the asker may not."""
    put(office, one, wishes.asked(text) or wishes.read(text), office.talked_of(one.alone))


def press(office: Office, one: Errand, value: str) -> None:
    """Has that be watched which a button stands for: for whom, of which kind, and what."""
    said, kind, target = value.split(" ", 2)
    wanted = Wish(target, kind, said if said in (HERE, ME) else "", quoted=kind == "name")
    put(office, one, wanted, Context())


def put(office: Office, one: Errand, wanted: Wish, context: Context) -> None:
    """Has something be watched; asks back where several are meant."""
    where, is_hidden = _whose(office, one, wanted)
    one = one if where.channel else one.in_person()
    proposal, searched = _proposed(office, one, where, wanted, context)
    values = {"proposal": proposal, "searched": searched, "today": office.now().date(), "by": f"@{one.by}"}
    if proposal.is_open:
        said = office.desk.words.message("watch_choose", said=wanted.place or EITHER, **values)
        if one.alone.channel == one.here.user:
            return do(office, one, lambda session: one.quietly(said))
        return office.reply(one.item, one.alone, said)

    def adding(session: Session, at: Owner, why: str) -> Done:
        added = watching.add(session, proposal, at, one.here.user, office.now())
        is_internal = not at.channel or _is_internal(session, one)
        told = values | {
            "watch": added.watch,
            "where": at,
            "is_new": added.is_new,
            "is_internal": is_internal,
            "is_first": _is_first(session, at),
            "why": why,
            "is_hidden": is_hidden,
        }
        return Done(added.watch, added.is_new, added.is_new, office.desk.words.message("watch_added", **told))

    return set_up(office, one, where, adding)


def _is_first(session: Session, at: Owner) -> bool:
    """Whether nothing but one watch is set in a place, so that what holds for all that is set there is said with it."""
    return len(watching.of(session, at)) == 1 and not subscriptions.of_place(session, at.workspace, at.place)


def _whose(office: Office, one: Errand, wanted: Wish) -> tuple[Owner, bool]:
    """Whose the watch will be; and whether it is the asker's because outsiders may not hear of the entity that it is on."""
    where = ownership.for_whom(wanted.place, one.here, office.settings.channel_watchers)
    if not where.channel or wanted.kind != "entity":
        return where, False
    with office.database.reading() as session:
        public = Reading(session, PUBLIC, None, office.now().date())
        if _is_internal(session, one) or public.standings([wanted.text]):
            return where, False
    return Owner(where.workspace, user=one.here.user), True


def _proposed(office: Office, one: Errand, where: Owner, wanted: Wish, context: Context) -> tuple[Proposal, int]:
    """What is meant by what those may be told who hear the reply or the alerts, and how many sources that was looked for in."""
    now = office.now()
    with office.database.reading() as session:
        is_inside = not (where.channel or one.is_overheard) or _is_internal(session, one)
        sees = where.workspace if is_inside else PUBLIC
        known = office.desk.know(session, sees)
        proposal = watching.propose(session, known, wanted, sees, now, context)
        sets = freshness.coverage(session, sees, None, now.date(), office.desk.required)
    return proposal, sum(set.loaded_at is not None for set in sets)


def _is_internal(session: Session, one: Errand) -> bool:
    """Whether only colleagues read along, as Slack said just now, or with something before."""
    if one.item.kind in SPOKEN:
        return not one.here.outsiders
    return channels.is_internal(session, one.here.workspace, one.here.channel)


def set_up(office: Office, one: Errand, where: Owner, adding: Callable[[Session, Owner, str], Done]) -> None:
    """Has something be watched: for a channel in the sight of all, or for one person alone. Where nothing can be said in the
    channel, no alert could be: what is new is then watched for the asker, who hears why; of what is not, the asker hears."""
    if not where.channel:
        return do(office, one, lambda session: one.quietly(adding(session, where, "").said))
    with office.database.writing() as session:
        if one.item.kind in SPOKEN:
            channels.seen(session, where.workspace, where.channel, one.here.outsiders, office.now())
        done = adding(session, where, "")
        notice = one.aloud(done.said, where.channel)
        sending = office.sender.reserve(session, notice) if done.is_told else None
    if not done.is_told:
        return office.reply(one.item, one.alone, done.said)
    if sending:
        office.sender.send(sending)
    with office.database.writing() as session:
        state, why = outbox.ending(session, notice.key)
        if state == "sent":
            endings.returned(session, where.workspace, where.channel, office.now(), is_member=True)
        if state == "failed" and done.is_new:
            watches.end(session, done.watch.id, one.here.user, office.now())
    if state == "failed" and not done.is_new:
        return office.reply(one.item, one.alone, done.said)
    if state == "failed":
        own = Owner(where.workspace, user=one.here.user)
        return do(office, one, lambda session: one.quietly(adding(session, own, why).said))
    return office.finish(one.item)


def do(office: Office, one: Errand, doing: Callable[[Session], Outgoing]) -> None:
    """Does something and ends what came in with the message about it, in one transaction; then sends that."""
    with office.database.writing() as session:
        sending = office.sender.reserve(session, doing(session))
        inbox.done(session, one.item.number, office.now())
    if sending:
        office.sender.send(sending)


def unwatch(office: Office, one: Errand, said: str) -> None:
    """Has that be watched no longer which the words behind `unwatch` mean. Raises UserError where nothing is meant that somebody
    may end from there."""
    wanted = wishes.unwanted(said) if any(map(str.isalnum, said)) else Wish("")
    may = office.settings.channel_watchers
    places = ownership.whose(wanted.place, one.here, may, is_overheard=one.is_overheard)
    records = _meant(office, one, wanted.text)

    def end(session: Session) -> Outgoing:
        return _told(office, one, watching.end(session, wanted.text, places, one.here.user, office.now(), records))

    do(office, one, end)


def _meant(office: Office, one: Errand, said: str) -> tuple[str, ...]:
    """The records of whoever is called so, by what those may be told who hear of it."""
    if not said:
        return ()
    with office.database.reading() as session:
        is_inside = not ownership.is_channel(one.here) or _is_internal(session, one)
        sees = one.here.workspace if is_inside else PUBLIC
        return watching.meant(session, office.desk.know(session, sees), said, sees, office.now())


def stop(office: Office, one: Errand, id: str, *, is_seen: bool = False) -> None:
    """Ends the watch that a button stands for; `is_seen`: whoever pressed it sees that without being told. Raises UserError where
    there is none of that id to be seen from there, or it is not for this person to end."""
    with office.database.writing() as session:
        some = _ended(session, office, one.here, id)
        is_told = not is_seen or any(each.channel for each in some)
        sending = office.sender.reserve(session, _told(office, one, some)) if is_told else None
        inbox.done(session, one.item.number, office.now())
    if sending:
        office.sender.send(sending)


def _ended(session: Session, office: Office, place: Place, id: str) -> list[Watch]:
    """The watch of this id, if it was not over before; it is now."""
    found = watches.by_id(session, id, place.workspace)
    if found is None or not _is_in_sight(session, found, place):
        raise UserError("There is no such watch of yours.")
    if found.channel and not ownership.may_for_channels(office.settings.channel_watchers, place.user):
        raise UserError("Only some people may say what this channel watches.")
    return [found] if watches.end(session, id, place.user, office.now()) else []


def _is_in_sight(session: Session, one: Watch, place: Place) -> bool:
    """Whether a watch is the asker's, the channel's where they are, or outside of channels one that their home shows."""
    if not one.channel:
        return one.user == place.user
    if ownership.is_channel(place):
        return one.channel == place.channel
    return one in watchstatus.of_channels(session, place.workspace, place.user)


def _told(office: Office, one: Errand, some: Sequence[Watch]) -> Outgoing:
    """That these have ended: where their alerts went."""
    said = office.desk.words.message("watch_ended", ended=some, by=f"@{one.by}")
    channel = next((each.channel for each in some if each.channel), "")
    return one.aloud(said, channel) if channel else one.quietly(said)


def show(office: Office, one: Errand) -> None:
    """Tells what is watched there, and by the asker where nobody else hears it."""
    wheres = ownership.whose("", one.here, (EVERYONE,), is_overheard=one.is_overheard)
    sees = PUBLIC if one.here.outsiders else one.here.workspace
    now = office.now()
    with office.database.reading() as session:
        reading = Reading(session, sees, None, now.date(), office.desk.required)
        groups = [(where, watchstatus.of(session, reading, watching.of(session, where))) for where in wheres]
    said = office.desk.words.message("watch_list", groups=groups, today=now.date())
    office.reply(one.item, one.alone, said)
