"""Names in, scores and reasons out. Pure: no SQL, no Slack.

analysis  reads a name once: words with kinds and weights, legal form, keys
align     pairs the words of two names
score     the score of two names, 0–1, with its reasons
index     finds candidates among all stored names and ranks their entities
spot      finds stored names in a question
words     the tables all of this reads names with
"""
