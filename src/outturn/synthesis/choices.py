"""What a made-up life chooses from: `choices.yaml` turned into SQL macros, and names that nobody bears."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

FIRST_NAMES = (
    "Abbeline", "Bramwen", "Corlen", "Dellary", "Eswyn", "Fenrick", "Garlan", "Hestry", "Idonel", "Jorrick", "Kelsan",
    "Lorwen", "Merrick", "Nessory", "Orlan", "Pellam", "Quillan", "Rosmer", "Seldon", "Tamsory", "Ullan", "Verrin",
    "Wendel", "Yorrin", "Zelda-Mae",
)  # fmt: skip
LAST_NAMES = (
    "Exampleby", "Samplewick", "Mockford", "Testerton", "Fictley", "Demoway", "Inventham", "Pretendale", "Nowhereby",
    "Madeup-Hill", "Dummerstone", "Placeholt", "O'Sample", "Standinford", "Figmentley", "Trialcote", "Notreal",
    "Makebelieve", "Noonesby", "Imaginham",
)  # fmt: skip
PLACES = (
    "Ashmere", "Brindleford", "Coldharbour", "Dunmarket", "Eastwick", "Fernhollow", "Greystoke Hill", "Highmarsh",
    "Inkpen Green", "Juniper Lane", "Kingsmead", "Longacre",
)  # fmt: skip
HOUSES = (
    "Larkfield", "Meadowbank", "Oaklea", "Primrose", "Riverside", "Southview", "The Laurels", "Willowbrook",
    "Beechwood", "Cedar", "Fairhaven", "Hollybank", "St Swithin's",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice with its weights. `field` is the field whose wording the words are, or None where they are our own."""

    name: str
    field: str | None
    words: dict[str, float]

    @property
    def slots(self) -> list[str]:
        """The words, each as often as it weighs, a thousand in all."""
        total, upto, filled = sum(self.words.values()), 0.0, list[str]()
        for word, weight in self.words.items():
            upto += weight
            filled += [word] * (round(1000 * upto / total) - len(filled))
        return filled

    @property
    def macro(self) -> str:
        """The SQL macro pick_NAME(key). It takes its words from the variable words_NAME, so that queries stay short."""
        return (
            f"CREATE OR REPLACE MACRO pick_{self.name}(key) AS "
            f"getvariable('words_{self.name}')[1 + floor(draw(key, 'choice of {self.name}') * 1000)::INTEGER];"
        )


@cache
def choices() -> tuple[Choice, ...]:
    """Every choice of `choices.yaml`."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(script("choices.yaml"))
    return tuple(Choice(name, entry.get("field"), entry["words"]) for name, entry in told.items())


def script(name: str) -> str:
    """The text of a file that lies beside this one."""
    return (files("outturn.synthesis") / name).read_text("utf-8")
