"""Flagpost: who is listed or named, and who says so. The rooms, each below those that it uses:

records, errors    what everybody speaks of
dates, scripts     partial dates; the script of a text
filters            what a question narrows its answer to
answers, limits    what lookup gives out; what Slack allows
mail               what comes in from Slack and goes out to it
monitoring         what is watched, what became of it, what is told of that
zones, schedule    which time zone people mean; when a summary is due
config             settings, read once
matching           names in, scores and reasons out
questions          text in, intent and time and words to look for out
lists              files in, records out
store              everything SQL
status             the rules by which an answer gets its headline
indexing           the index of names kept in step with the store
namelike           which words of a question look like parts of names
mentions           questions joined with matching: which names a question mentions
joinkeys, joining  what records may be joined by; the rules by which they are one subject
relating           joins what was loaded, and what a person says
subjects           the records of one subject as one
precedence         which of several listings of one entry counts
freshness          which lists were searched, how fresh each was
dossier            the store joined with status: how entities stood on a day
topical            answers that name nobody
happenings, overview  what changed; answers about all records
receipts           what was answered, kept and checked
lookup             route 1: a question -> an Answer
taking, intake     route 2: a file -> the difference, written in one transaction
loading            reads files, writes the difference with its index, notes what failed
syncing            route 6: publishers -> lists brought up to date
reply, terminal    templates -> Slack messages, plain text, a terminal
document           an answer as JSON
newsworthy, scoping  what of a day's differences is told; what of that a channel asked for
repeats, trends     what lists only repeat; what was added and removed week by week
gathering          what became known between two moments, with all that belongs to it
sheets, results, crew  CSV files in and out; those gone on with; work in processes of its own, in order
pages, roll, picture  a message filled as far as it goes; everything as a table; the weeks as a picture
bulletin           what was gathered as messages
digest             route 3: what became known since the last post -> messages, once a day or week and channel
press              what channels share is gathered and worded once
desk               looks up, words and keeps the receipt: what every door calls
kinds, countries   what kind of subject, and which country, a column says
batches, unfinished  a sheet through one piece of work; what it rests on, to go on where it ended
screening          route 4: a file of names -> a file of results
bearing            who bears a name for certain; which words are several names
wishes, ownership  what somebody wants watched, by their words; for whom, and who may
watching           a wish -> a watch; ended
portfolio, watchsheet  a CSV of counterparties as one watch; what is watched as a CSV
outcomes, shifts   what of an answer may alert; what differs between two of these
changing           route 5: a change -> how what is watched has changed
lapsing            lists that died or came back -> what is watched that rests on them
spreading          many lines over a message, its thread and a sheet
notices, alerts, bundles, listalerts  what is said of that, with what is kept: of subjects, of many, of lists, topics and sources
clock              loops in threads
hands              one process's hands on tasks of one kind
summaries          takes the summaries that are due, whichever process is first
trouble            watches that cannot be looked at are left out for a while
steps              what one look brought is kept at once or not at all
alerting           goes through what is due, moment by moment: what it brought is kept at once or not at all
comparing          a file of pairs of names -> how alike they are
incoming           reads what Slack sends
transfer, slack    the bytes of files; Slack's Web API
endings            what follows from how a message ended
workspaces         the workspaces that a process speaks for
delivery, sender   one message to Slack; what the outbox holds, sent once, at Slack's pace
office             what the doors share: answers in a place, replies once
modal, subscribing  every source in a modal; a channel's daily summary as people set it
watchstatus, watchdesk  what is watched, as it stands; set, listed and ended in Slack
watchforms, watchexport  the forms for one thing and for a portfolio; all of it as files for one person
home               somebody's home in Slack
handlers           the doors on Slack's side, a file per thing a person does (beside bot/)
worker             takes what came in, one thing at a time a thread
metrics            what a process counts and times
app                the Bolt app: everything is kept before Slack hears that it arrived, and done from there
running            one process: what is built for it, its loops, how they end
signature          whether a request is Slack's
web, gunicorn_conf  Slack over HTTP
socketmode         Slack over a connection that we open
checkup            what `doctor` looks at
cli, __main__      the command line
"""
