"""Claims files that tests write: a small one as text, and big ones made to measure."""

from pathlib import Path

SMALL = """\
dataset: {id: desk, title: Our desk, publisher: Acme, version: 2026-11-20}
sources:
  - {id: paper, publisher: Daily Example, title: Optics firm named, url: "https://example.org/a", published: 2026-11-19}
origins:
  - {id: ministry, speaker: Ministry spokesperson, occasion: press conference, uttered: 2026-11-19}
entities:
  - {id: acme, kind: Company, name: "Acme Optics Co., Ltd.", names: [{value: 埃克梅光学}], countries: [cn]}
claims:
  - id: lenses
    subjects: [acme]
    stance: alleges
    category: optics
    statement: sells lenses used in military sights
    asserted_by: Ministry spokesperson
    stated: 2026-11-19
    origin: ministry
    sources: [paper]
"""


def write(folder: Path, text: str, name: str = "desk.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def many_claims(
    count: int, subject: str = "starter:hikvision", statement: str = "sells part number {} to a buyer"
) -> str:
    """A file with `count` claims about one subject, each second one denied by its maker, each with a source of its own."""
    head = SMALL.split("sources:")[0].replace("id: desk", "id: many")
    sources = [
        f"  - {{id: s{n}, publisher: Paper {n}, title: Story {n}, url: 'https://example.org/{n}', published: 2026-01-02}}"
        for n in range(count)
    ]
    claims = [
        f"  - {{id: c{n}, subjects: ['{subject}'], stance: alleges, category: optics, statement: {statement.format(n)},"
        f" asserted_by: Witness {n}, stated: 2026-01-01, origin: o, sources: [s{n}]}}\n"
        + (
            f"  - {{id: d{n}, subjects: ['{subject}'], stance: denies, category: optics, statement: sells nothing of the kind,"
            f" asserted_by: The maker, answers: [c{n}], origin: o, sources: [s{n}]}}\n"
            if n % 2
            else ""
        )
        for n in range(count)
    ]
    return (
        f"{head}sources:\n"
        + "\n".join(sources)
        + "\norigins:\n  - {id: o, speaker: Court}\nclaims:\n"
        + "".join(claims)
    )


def many_entities(count: int, dataset: str = "crowd") -> str:
    """A file with `count` entities, each with one claim about it."""
    head = SMALL.split("entities:")[0].replace("id: desk", f"id: {dataset}")
    entities = "".join(f"  - {{id: e{n}, kind: Company, name: Quillon Works {n} GmbH}}\n" for n in range(count))
    claims = "".join(
        f"  - {{id: c{n}, subjects: [e{n}], stance: alleges, category: optics, statement: sells lens {n},"
        f" asserted_by: Witness, origin: ministry, sources: [paper]}}\n"
        for n in range(count)
    )
    return f"{head}entities:\n{entities}claims:\n{claims}"
