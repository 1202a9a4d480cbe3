"""A solution with everything that a form can do, and what it needs in an installation."""

from __future__ import annotations

from pathlib import Path

DEFINITION = """
[solution]
version = "1"
title.da = "Meld flytning"
title.en = "Report a move"
languages = ["da", "en"]
kle = "23"
minutes = 5
level = "substantial"
may_act = ["self"]

[retention]
draft_days = 30
delivered_days = 90

[[law]]
title = "Prøveloven"
valid_from = 2020-01-01

[text.after]
da = "Så er du færdig."
en = "Then you are done."

[text.purpose]
da = "Her kan du prøve."
en = "Here you can try."

[text.alternative]
da = "Ring til os."
en = "Call us."

[group.mover.name]
kind = "text"
label.da = "Navn"
label.en = "Name"

[step.where]
title.da = "Hvor flytter du hen?"
title.en = "Where do you move to?"

[step.where.home]
kind = "address"
label.da = "Ny adresse"
label.en = "New address"

[step.where.shed]
kind = "lookup"
role = "sheds"
own = true
label.da = "Skur"
label.en = "Shed"
required = false

[step.elsewhere]
title.da = "En anden kommune"
title.en = "Another municipality"
visible = { "home.municipality" = { not = "0773" } }

[step.elsewhere.told]
kind = "yes_no"
label.da = "Har du meldt det dér?"
label.en = "Have you reported it there?"

[step.who]
title.da = "Hvem flytter med?"
title.en = "Who moves along?"

[step.who.movers]
kind = "repeat"
group = "mover"
label.da = "De, der flytter med"
label.en = "Those who move along"
each.da = "Person"
each.en = "Person"
add.da = "Tilføj en person"
add.en = "Add a person"
at_most = 3

[step.who.lease]
kind = "files"
label.da = "Lejekontrakt"
label.en = "Lease"

[[destination]]
role = "case_system"
"""


def offer_moves(installation: Path, clamd_port: int, failure: str = "") -> None:
    """Let every municipality of an installation offer the solution ``move``.

    :param clamd_port: where the scanner is
    :param failure: of the register of addresses
    """
    own = installation / "moves" / "move"
    own.mkdir(parents=True)
    (own / "solution.toml").write_text(DEFINITION, "utf-8")
    config = installation / "selvbetjening.toml"
    text = config.read_text("utf-8")
    shipped = '"package:selvbetjening_solutions"'
    config.write_text(text.replace(shipped, f'{shipped}, "moves"'), "utf-8")
    plugin_set = installation / "plugin_sets" / "standard.toml"
    text = plugin_set.read_text("utf-8").replace('"folder",', '"folder", "clamav",')
    clamd = f'[plugin.clamav]\nhost = "127.0.0.1"\nport = {clamd_port}\nseconds = 1'
    plugin_set.write_text(f"{text}\n{clamd}\n", "utf-8")
    roles = '[roles]\nscanner = "looks"\naddresses = "places"\nsheds = "places"'
    for file in (installation / "municipalities").glob("*.toml"):
        text = file.read_text("utf-8").replace("[roles]", roles)
        more = f"""
[component.looks]
plugin = "clamav"

[component.places]
plugin = "demo_addresses"
failure = "{failure}"

[solutions.move]
"""
        file.write_text(text + more, "utf-8")
