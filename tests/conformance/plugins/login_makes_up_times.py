"""Fault: an answer without an end is good for five minutes."""

import datetime

from good_login import GoodLogin, offering


class Faulty(GoodLogin):
    def moment(self, data, name):
        now = datetime.datetime.now(datetime.UTC)
        late = (now + datetime.timedelta(minutes=5)).timestamp()
        return super().moment({"exp": late, **data}, name)


selvbetjening_register = offering(Faulty)
