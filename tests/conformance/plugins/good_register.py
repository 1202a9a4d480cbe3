"""A register of persons over HTTP. Right in every way."""

from __future__ import annotations

import http.client
import json

import acme_patience
from zope.interface import implementer

from selvbetjening_core.errors import Unavailable
from selvbetjening_core.hooks import hookimpl
from selvbetjening_core.interfaces import IPrefill
from selvbetjening_core.values import Address, Child, CprNumber, Data, Household, Person, Setting

SETTINGS = (Setting("port", "number", "The register's port."),)


@implementer(IPrefill)
class GoodRegister:
    def __init__(self, context):
        self.port = context.number("port")
        self.now = context.now

    def household(self, cpr):
        status, body = self.fetch(cpr)
        if status == 404:
            return self.unknown(cpr)
        if status != 200:
            raise Unavailable(f"the register answered {status}")
        try:
            return self.read(json.loads(body))
        except (ValueError, KeyError, TypeError):
            raise Unavailable("the register's answer cannot be read") from None

    def path(self, cpr):
        return "/household"

    def fetch(self, cpr):
        seconds = acme_patience.seconds()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request("POST", self.path(cpr), json.dumps({"cpr": cpr.reveal()}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return self.away()
        finally:
            connection.close()

    def away(self):
        raise Unavailable("the register did not answer")

    def unknown(self, cpr):
        return None

    def read(self, data):
        person = self.person(data["person"])
        children = tuple(self.child(one, person) for one in data["children"])
        return Household(person, children, "Acme Personer", self.now())

    def child(self, data, parent):
        return Child(self.person(data), data["custody"])

    def person(self, data):
        home = data["address"]
        address = home and Address(home["key"], tuple(home["lines"]), home["municipality_code"])
        return Person(CprNumber(data["cpr"]), data["name"], address, self.protected(data))

    def protected(self, data):
        return data["protected"]


def offering(factory):
    @hookimpl
    def selvbetjening_register(register):
        register.component(
            IPrefill,
            factory,
            help="Persons from Acme.",
            settings=SETTINGS,
            reads={Data.CPR},
            holds="Acme keeps a log of who was looked up for six months.",
            built_for="0.1",
        )

    return selvbetjening_register


selvbetjening_register = offering(GoodRegister)
