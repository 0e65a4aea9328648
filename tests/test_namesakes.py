"""Two names of persons are one or two."""

import pytest

from bot.matching.analysis import Analyser
from bot.matching.score import MATCH, compare_texts

ONE = (
    ("KHAMENEI, Ali", "Ali Khamenei"),
    ("A. Khamenei", "Ali Khamenei"),
    ("J.-C. Juncker", "Jean-Claude Juncker"),
    ("Nikolai Patrushev", "Nikolai Platonovich Patrushev"),
    ("Bashar alassad", "Bashar al-Assad"),
    ("Abdelrahman Yasin", "Yasin, Abd al-Rahman"),
    ("Salaheddine Gasmi", "Salah al-Din Gasmi"),
    ("Najib Ullah Juma", "NAJIBULAH JUMA"),
    ("Isa Bin Tarif Al Bin Ali", "AL BEN ALI, Shaikh Isa Ben Tarif"),
    ("Dr. Rami Makhlouf", "Rami Makhlouf"),
    ("Rami Mahkluf", "Rami Makhlouf"),
    ("Jan Daniel Bothma", "JanDaniel Bothma"),
    ("Ramimakhlouf", "Rami Makhlouf"),
    ("Mun Cho'ng-ch'o'l", "Mun Jong Chol"),
    ("I9or Sech1n", "Igor Sechin"),
    ("Sergey Sergey Shoigu", "Sergey Shoigu"),
    ("Ted Doe", "Theodore Doe"),
    ("Ben Netanyahu", "Benjamin Netanyahu"),
    ("محمد بن سلمان", "Mohammed bin Salman"),
    ("عبدالرحمن الأسد", "Abdul Rahman al-Assad"),
    ("בנימין נתניהו", "Benjamin Netanyahu"),
    ("Рамзан Кадыров", "KADYROV, Ramzan Akhmatovich"),
    ("習近平", "Xi Jinping"),
    ("Jinping Xi", "习近平"),
    ("김정은", "Kim Jong-un"),
    ("バラク・オバマ", "Barack Obama"),
    ("ბარაკ ობამა", "Barack Obama"),
    ("Բարակ Օբամա", "Barack Obama"),
    ("贝拉克·奥巴马", "Barack Obama"),
    ("ប៉ុល ពត", "Pol Pot"),
)

TWO = (
    ("A. Nazarbayev", "Nursultan Nazarbayev"),
    ("Ihab Makhlouf", "Rami Makhlouf"),
    ("Olaf Scholz", "Angela Merkel"),
    ("AL BEN MAHMOUD, Isa Ben Tarif", "Shaikh Isa Bin Tarif Al Bin Ali"),
    ("Hans O. Friedrich", "Hans Joachim Friedrich"),
    ("Frost, William G.", "William W. Frost"),
    ("Sergey Ivanovich Lavrov", "Sergey Viktorovich Lavrov"),
    ("Makhlouf", "Rami Makhlouf"),
    ("Ali", "Ali Khamenei"),
    ("Abdul Rahman", "Abdul Aziz"),
    ("Habibullah Khan", "Hamidullah Khan"),
    ("Hasan Nasrallah", "Husayn Nasrallah"),
    ("Abdul", "Abdul Rahman"),
    ("Haji Mullah", "Haji Mullah Sahib"),
)


@pytest.mark.parametrize(("asked", "stored"), ONE)
def test_spellings_of_one_persons_name_match(analyser: Analyser, asked: str, stored: str) -> None:
    assert compare_texts(analyser, asked, stored, "Person").value >= MATCH


@pytest.mark.parametrize(("asked", "stored"), TWO)
def test_names_of_two_persons_do_not_match(analyser: Analyser, asked: str, stored: str) -> None:
    assert compare_texts(analyser, asked, stored, "Person").value < MATCH
