"""Fault: an answer is taken for that to the last login that was begun."""

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    last = ""

    def begin(self, request):
        self.last = request.request_id
        return super().begin(request)

    def request_id(self, data):
        wanted = super().request_id(data)
        begun = wanted.startswith(("interleaved", "thread"))
        return self.last if begun else wanted


selvbetjening_register = offering(Faulty)
