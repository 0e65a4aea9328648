"""Flagpost: who is listed or named, and who says so. The rooms, in order of dependence:

records, errors    what everybody speaks of
dates, scripts     partial dates; the script of a text
answers, limits    what lookup gives out; what Slack allows
config             settings, read once
matching           names in, scores and reasons out
questions          text in, intent and time and words to look for out
lists              files in, records out
store              everything SQL
status             the rules by which an answer gets its headline
mentions           questions joined with matching: which names a question mentions
dossier            the store joined with status: how entities stood on a day
topical, overview  answers that name nobody, and answers about all records
lookup             route 1: a question -> an Answer
intake             route 2: a file -> the difference, written in one transaction
receipts           what was answered, kept and checked
reply, terminal    templates -> Slack messages, plain text, a terminal
document           an answer as JSON
desk               looks up, words and keeps the receipt: what every door calls
checkup            what `doctor` looks at
__main__           the command line
"""
