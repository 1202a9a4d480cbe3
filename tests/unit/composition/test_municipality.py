"""Municipalities: components, roles, addresses; cascades are none."""

from __future__ import annotations

import pytest

from selvbetjening_core.composition.kommunekoder import kommunekoder
from selvbetjening_core.interfaces import IDelivery, IPayment
from selvbetjening_core.values import Setting

FILE = "municipalities/0773.toml"


@pytest.mark.parametrize(
    ("right", "wrong", "codes"),
    [
        ('payment     = "card"', 'payment = "crad"', ["unknown-component"]),
        ('payment     = "card"', 'payment = "journal"', ["wrong-contract"]),
        ('payment     = "card"', "", ["role-without-component"]),
        ('payment     = "card"', 'payment = ["card"]', ["wrong-type"]),
        ('payment     = "card"', "payment = { a = 1 }", ["wrong-type"]),
        ('payment     = "card"', 'payment = "card"\nextra = "card"', ["unknown-role"]),
        ('plugin = "card"', 'plugin = "crad"', ["unknown-plugin"]),
        ('plugin = "card"', 'plugin = ["card"]', ["wrong-type"]),
        ('plugin = "card"', "", ["missing-key"]),
        ('plugin = "card"', 'plugin = "card"\ncolour = "red"', ["unknown-key"]),
        ("[component.mobile]", "[component.Mobile]", ["bad-name"]),
        ("[component.mobile]", '[component."a/b"]', ["bad-name"]),
        ('path   = "var/archive"', "", ["missing-key"]),
        ('path   = "var/archive"', "path = 1", ["wrong-type"]),
        ('path   = "var/archive"', 'paht = "var/archive"', ["unknown-key"]),
        ('hosts      = ["0773.example"]', "hosts = 5", ["wrong-type"]),
        ('hosts      = ["0773.example"]', "hosts = true", ["wrong-type"]),
        ('hosts      = ["0773.example"]', 'hosts = ["0751.example"]', ["address-taken"]),
        ('hosts      = ["0773.example"]', 'hosts = ["A.example"]', ["bad-address"]),
        ('hosts      = ["0773.example"]', 'hosts = ["a.example\\n"]', ["bad-address"]),
        ('hosts      = ["0773.example"]', 'hosts = ["https://a.example"]', ["bad-address"]),
        ('prefixes   = ["/0773"]', 'prefixes = ["/0751"]', ["address-taken"]),
        ('prefixes   = ["/0773"]', 'prefixes = ["/a/"]', ["bad-address"]),
        ('prefixes   = ["/0773"]', 'prefixes = ["/"]', ["bad-address"]),
        ('prefixes   = ["/0773"]', 'prefixes = ["/-/a"]', ["bad-address"]),
        ('code       = "0773"', 'code = "773"', ["bad-kommunekode"]),
        ('code       = "0773"', "code = 773", ["wrong-type"]),
        ('code       = "0773"', 'code = "0751"', ["file-name"]),
        ('plugin_set = "standard"', 'plugin_set = "standart"', ["unknown-plugin-set"]),
        ('plugin_set = "standard"', 'plugin_sett = "standard"', ["unknown-key"]),
        ('plugin_set = "standard"', "", ["missing-key"]),
        ("[contact]", "[contct]", ["unknown-key"]),
        ('email   = "post@example.dk"', 'email = "post"', ["bad-email"]),
        ("[solutions.permit]", "[solutions.permt]", ["unknown-solution"]),
        ("[solutions.permit]", "[solutions.permit]\nfee = 1", ["unknown-key"]),
        ("[solutions.permit]", "[solutions]\npermit = true", ["unknown-key"]),
        ("[solutions.permit]", "", ["missing-key"]),
        ("case_system = ", "case_sytem = ", ["unknown-role"]),
        ("[roles]", "", ["missing-key"]),
        ("[roles]", "[role]", ["unknown-key"]),
        ("[component.", "[components.", ["unknown-key"]),
        ('path   = "var/archive"', 'path = "C:\\new\\tools"', ["bad-character"]),
    ],
)
def test_one_mistake_is_one_problem(installation, right, wrong, codes):
    installation.change(FILE, right, wrong)
    assert installation.errors() == codes
    (problem,) = (one for one in installation.problems if one.severity == "error")
    assert problem.place.file.name == "0773.toml"


def test_a_copied_file_is_one_problem(installation):
    text = (installation.folder / FILE).read_text(encoding="utf-8")
    installation.write("municipalities/0773 copy.toml", text)
    assert installation.errors() == ["file-name"]
    (problem,) = (one for one in installation.problems if one.severity == "error")
    # "call it 0773.toml" would be the loss of the one that is called so.
    assert problem.advice == "mend the code, or take this file out of the folder"


def test_a_file_that_says_nothing_is_one_problem(installation):
    installation.write(FILE, "# to be written\n")
    assert installation.errors() == ["missing-key"]


def test_what_belongs_above_the_headings_is_told_so(installation):
    """At the end of the file it would be a key of the last table."""
    installation.change(FILE, 'plugin_set = "standard"', "")
    assert installation.errors() == ["missing-key"]
    (problem,) = (one for one in installation.problems if one.severity == "error")
    assert problem.advice.startswith('add plugin_set = "…" above the first [heading]')


def test_a_plugin_set_without_plugins_is_one_problem(installation):
    installation.write("plugin_sets/standard.toml", "")
    assert installation.errors() == ["missing-key"]
    installation.write("plugin_sets/standard.toml", "[plugins]\nfolder = true\n")
    assert installation.errors() == ["wrong-type"]


def test_a_role_of_one_solution_is_judged_by_that_solution(installation, solution_text):
    other = solution_text.replace('"case_system"', '"archive"')
    installation.write("solutions/other/solution.toml", other)
    installation.municipality(
        "0773",
        more='[solutions.other]\n[solutions.other.roles]\narchive = "archive"\n'
        '[solutions.permit.roles]\narchive = "archive"\n',
    )
    assert installation.errors() == ["unknown-role"]
    (problem,) = (one for one in installation.problems if one.severity == "error")
    assert problem.place.path == "solutions.permit.roles.archive"


def test_a_hidden_binding_must_be_right_too(installation):
    """It would be told by ``why``, and answer when the other is taken away."""
    installation.municipality(
        "0773", payment="journal", more='[solutions.permit.roles]\npayment = "card"\n'
    )
    assert installation.errors() == ["wrong-contract"]


def test_each_wrong_binding_is_told_once(installation, solution_text):
    installation.write("solutions/other/solution.toml", solution_text)
    installation.municipality("0773", payment="journal", more="[solutions.other]\n")
    assert installation.errors() == ["wrong-contract"]
    installation.municipality(
        "0773",
        payment="journal",
        more='[solutions.other]\n[solutions.other.roles]\npayment = "people"\n',
    )
    assert installation.errors() == ["wrong-contract"] * 2


def test_a_broken_solution_brings_no_unknown_roles(installation):
    installation.change("solutions/permit/solution.toml", 'kle      = "29"', 'kle = "x"')
    assert installation.errors() == ["bad-kle"]


def test_a_broken_plugin_set_brings_nothing_else(installation):
    installation.write("plugin_sets/standard.toml", "plugins = [")
    assert installation.errors() == ["toml-syntax"]


def test_a_misspelt_plugin_in_the_set_brings_nothing_else(installation):
    names = [{"card": "crad"}.get(name, name) for name in installation.names]
    installation.plugin_set(names=names)
    assert installation.errors() == ["plugin-not-installed"]


def test_no_plugin_set_at_all(installation):
    (installation.folder / "plugin_sets/standard.toml").unlink()
    assert installation.errors() == ["nothing-found"]


def test_parameters_and_texts_of_a_municipality(installation, solution_text):
    parameter = '[parameter.limit]\nkind = "number"\nlabel.da = "Grænsen"\n'
    installation.write("solutions/permit/solution.toml", solution_text + parameter)
    assert installation.errors() == ["parameter-missing"] * 2
    for code, limit in (("0773", 5), ("0751", 0)):
        installation.municipality(
            code, more=f'limit = {limit}\ntext.after.da = "Vi i {code} går i gang."\n'
        )
    municipalities = installation.plan().municipalities
    for code, limit in (("0773", 5), ("0751", 0)):
        offered = municipalities[code].solutions["permit"]
        assert offered.parameters == {"limit": limit}
        assert offered.solution.text("after", "da") == f"Vi i {code} går i gang."
        assert offered.solution.text("purpose", "da") == "Hvad den er til."


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ('text.aftr.da = "x"', "unknown-text"),
        ('text.after = "x"', "text-without-language"),
        ('text.after.en = "x"', "missing-translation"),
        ('text.after.da = ""', "empty-text"),
        ('text.after.da = "x"\ntext.after.dk = "x"', "unknown-key"),
        ('text = "x"', "wrong-type"),
    ],
)
def test_wrong_texts(installation, more, code):
    installation.municipality("0773", more=more + "\n")
    assert code in installation.errors()


def test_plugins_that_pretend_are_for_demos(installation, make):
    pretend = make.offering(IPayment, make.Card, demo_only=True)
    installation.plugin("pretend", pretend)
    installation.plugin_set()
    installation.change(FILE, 'plugin = "card"', 'plugin = "pretend"')
    assert installation.errors() == ["demo-only"]
    installation.change("selvbetjening.toml", '"production"', '"demo"')
    assert installation.errors() == []
    installation.change("selvbetjening.toml", '"demo"', '"test"')
    assert installation.errors() == ["unknown-mode"]


SETTINGS = [
    Setting("server", "url", "Where."),
    Setting("password", "secret", "Which."),
    Setting("sender", "email", "Who."),
    Setting("speed", "text", "How.", required=False, default="slow", choices=("slow", "fast")),
    Setting("tries", "number", "How often.", required=False, default=3, minimum=1),
    Setting("safe", "yes_no", "Encrypted?", required=False, default=True),
]
RIGHT = {"server": '"smtp://mail.example"', "password": '"env:PASSWORD"', "sender": '"a@b"'}


@pytest.fixture
def configured(installation, make):
    """Errors with a component configured so."""
    installation.plugin("post", make.offering(IDelivery, make.Journal, settings=SETTINGS))
    installation.plugin_set()

    def errors(**settings):
        lines = "".join(f"{key} = {value}\n" for key, value in {**RIGHT, **settings}.items())
        more = f'[component.post]\nplugin = "post"\n{lines}'
        installation.municipality("0773", more=more)
        return installation.errors()

    return errors


def test_right_settings_and_their_defaults(configured, installation):
    assert configured() == []
    spec = installation.plan().municipalities["0773"].components["post"]
    assert spec.settings == {
        "server": "smtp://mail.example",
        "password": "env:PASSWORD",
        "sender": "a@b",
        "speed": "slow",
        "tries": 3,
        "safe": True,
    }


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("password", '"hunter2"', "plain-secret"),
        ("password", '"env:"', "bad-reference"),
        ("password", '"env:A B"', "plain-secret"),
        ("password", '"env:A\\n"', "bad-reference"),
        ("password", '"file:"', "bad-reference"),
        ("password", '"ENV:A"', "bad-reference"),
        ("password", '"env: A"', "bad-reference"),
        ("password", '"file: secrets/a"', "bad-reference"),
        ("password", '"$ecret"', "plain-secret"),
        ("server", '"$SMTP_URL"', "bad-reference"),
        ("server", '"${SMTP_URL}"', "bad-reference"),
        ("password", '""', "empty-text"),
        ("server", '"smtp://user:hunter2@mail.example"', "plain-secret"),
        ("server", '"mail.example"', "bad-url"),
        ("server", '"smtp://mail.example:hunter2"', "bad-url"),
        ("sender", '"a"', "bad-email"),
        ("speed", '"medium"', "not-an-option"),
        ("tries", '"3"', "wrong-type"),
        ("tries", "0", "out-of-range"),
        ("safe", "1", "wrong-type"),
        ("colour", '"hunter2"', "unknown-key"),
    ],
)
def test_wrong_settings_never_repeat_what_may_be_a_secret(
    configured, installation, name, value, code
):
    assert configured(**{name: value}) == [code]
    told = [one.message + one.advice for one in installation.problems]
    assert not any("hunter2" in one for one in told)


@pytest.mark.parametrize("good", ['"env:SMTP_URL"', '"file:secrets/url"', '"smtps://a@m.dk:465"'])
def test_addresses_may_be_references(configured, good):
    assert configured(server=good) == []


@pytest.mark.parametrize("setting", ["server", "password", "sender"])
def test_required_settings(configured, setting):
    assert configured(**{setting: "1"}) == ["wrong-type"]


def test_all_danish_municipalities():
    codes = kommunekoder()
    assert len(codes) == 99
    assert codes["0773"] == "Morsø"
    assert codes["0751"] == "Aarhus"
    assert all(len(code) == 4 and code.isdigit() for code in codes)
