"""The daily summary: what became known, most serious first, the denial beside the allegation; each local day once."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import bulletin, digest, intake, limits, receipts, schedule
from bot.answers import Digest
from bot.errors import Missing
from bot.mail import Subscription
from bot.records import PUBLIC
from bot.reply import Message, Words
from bot.store import outbox, subscriptions
from bot.store import receipts as kept_receipts
from bot.store.database import Database
from tests.conftest import LOADED
from tests.files import SMALL, many_claims, many_entities, write

HERE = Path(__file__).parent
SINCE = LOADED + timedelta(hours=1)
MORNING = SINCE + timedelta(days=1)
DAY = MORNING.date()

FIRST = """\
dataset: {id: desk, title: Our desk, publisher: Acme, version: 2026-11-20}
sources:
  - {id: paper, publisher: Daily Example, title: Optics firm named, url: "https://example.org/a", published: 2026-11-19}
  - {id: gazette, publisher: Gazette, title: Lists, url: "https://example.org/lists", published: 2026-11-20}
origins:
  - {id: ministry, speaker: Ministry spokesperson, occasion: press conference, uttered: 2026-11-19}
entities:
  - {id: acme, kind: Company, name: "Acme Optics Co., Ltd.", names: [{value: 埃克梅光学}], countries: [cn]}
  - {id: borg, kind: Company, name: Borg Drones GmbH}
  - {id: crane, kind: Company, name: Crane Chips Ltd}
listings:
  - {id: borg-el, entity: borg, authority: BIS, list: Entity List, measures: [export licence requirement],
     listed: 2024-02-01, as_of: 2026-11-20, sources: [gazette]}
  - {id: crane-eu, entity: crane, authority: EU, list: Annex IV, measures: [export restriction],
     listed: 2025-06-01, as_of: 2026-11-20, sources: [gazette]}
claims:
  - {id: lenses, subjects: [acme], stance: alleges, category: optics, statement: sells lenses used in military sights,
     asserted_by: Ministry spokesperson, hedge: likely, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: chips, subjects: [crane], stance: alleges, category: chips, statement: shipped chips through a third country,
     asserted_by: Ministry spokesperson, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: rotors, subjects: [borg], stance: alleges, category: drones, statement: sells rotors to the front,
     asserted_by: Daily Example, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: gears, subjects: [borg], stance: alleges, category: drones, statement: sells gears,
     asserted_by: Daily Example, stated: 2026-11-19, origin: ministry, sources: [paper]}
"""
"""What was known before the busy day."""

SECOND = """\
dataset: {id: desk, title: Our desk, publisher: Acme, version: 2026-11-24}
sources:
  - {id: paper, publisher: Daily Example, title: Optics firm named, url: "https://example.org/a", published: 2026-11-19}
  - {id: gazette, publisher: Gazette, title: Lists, url: "https://example.org/lists", published: 2026-11-20}
  - {id: news, publisher: Evening Example, title: More firms named, url: "https://example.org/b", published: 2026-11-23}
origins:
  - {id: ministry, speaker: Ministry spokesperson, occasion: press conference, uttered: 2026-11-19}
  - {id: evening, speaker: Evening Example, uttered: 2026-11-23}
entities:
  - {id: acme, kind: Company, name: "Acme Optics Co., Ltd.", names: [{value: 埃克梅光学}, {value: Acme Lens}], countries: [cn]}
  - {id: borg, kind: Company, name: Borg Drones GmbH}
  - {id: crane, kind: Company, name: Crane Chips Ltd}
  - {id: delta, kind: Company, name: Delta Motors JSC}
  - {id: echo, kind: Company, name: Echo Freight Ltd}
listings:
  - {id: borg-el, entity: borg, authority: BIS, list: Entity List, measures: [export licence requirement],
     listed: 2024-02-01, ended: 2026-11-23, as_of: 2026-11-24, sources: [gazette]}
  - {id: delta-sdn, entity: delta, authority: OFAC, list: Specially Designated Nationals, measures: [asset freeze],
     programme: RUSSIA-EO14024, listed: 2026-11-23, as_of: 2026-11-24, reason: makes engines for drones, sources: [gazette]}
  - {id: acme-el, entity: acme, authority: BIS, list: Entity List, measures: [export licence requirement],
     listed: 2026-11-23, as_of: 2026-11-24, sources: [gazette]}
claims:
  - {id: lenses, subjects: [acme], stance: alleges, category: optics, statement: sells lenses used in military sights,
     asserted_by: Ministry spokesperson, hedge: likely, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: acme-denial, subjects: [acme], stance: denies, category: optics, statement: sells to photographers only,
     asserted_by: Acme Optics, answers: [lenses], origin: evening, sources: [news]}
  - {id: engines, subjects: [delta], stance: alleges, category: drones, statement: sells engines to a drone maker,
     asserted_by: Evening Example, stated: 2026-11-23, origin: evening, sources: [news]}
  - {id: delta-denial, subjects: [delta], stance: denies, category: drones, statement: has never sold an engine abroad,
     asserted_by: Delta Motors, answers: [engines], origin: evening, sources: [news]}
  - {id: freight, possible_subjects: [echo, crane], named_as: a freight firm, stance: alleges, category: freight,
     statement: carried the parcels, asserted_by: Evening Example, stated: 2026-11-23, origin: evening, sources: [news]}
  - {id: rotors, subjects: [borg], stance: alleges, category: drones, statement: sells rotors to a trader,
     asserted_by: Daily Example, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: gears, subjects: [borg], stance: alleges, category: drones, statement: sells gears,
     asserted_by: Daily Example, stated: 2026-11-19, origin: ministry, sources: [paper]}
  - {id: gears-retracted, subjects: [borg], stance: retracts, category: drones, statement: takes the report on gears back,
     asserted_by: Daily Example, answers: [gears], origin: ministry, sources: [news]}
  - {id: share, stance: reports, category: trade, statement: two thirds of the engines came by rail,
     asserted_by: Evening Example, origin: evening, sources: [news]}
"""
"""The next version of the same file, with something of everything."""
