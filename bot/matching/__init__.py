"""Names in, scores and reasons out. Pure: no SQL, no Slack.

Reading a name:
words      the tables all of this reads names with (in `data/`)
spelling   compatibility forms, case, accents, look-alikes
readings   the names within a name: in brackets, in another script
analysis   a name as words with kinds and weights, its legal form
persons    the same for the name of a person
name       what an analysed name is

Comparing two:
pinyin, sounds   Chinese syllables; spellings of one sound
align      pairs the words of two names
features   what speaks against their being one subject's
acronyms   the initials a name may be called by
score      the score, 0–1, and its reasons

Finding the stored ones:
grams      what a name is found by
building   makes the arrays of many names
columns    arrays in a file that is mapped into memory
segment    reads them
shelf      the files of one database
search     the names that share most with what is asked
index      ranks the entities they belong to
identifiers  numbers, by their form and check digit
numbers    those in a question, looked up
spot       stored names in a question
topics     claims that speak of what is asked
"""
