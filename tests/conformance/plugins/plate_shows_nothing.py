"""Fault: no value is shown as None."""

from good_plate import GoodPlate, offering


class Faulty(GoodPlate):
    def text(self, request):
        plate = str(request.value)
        return f"{plate[:2]} {plate[2:4]} {plate[4:]}".strip()


selvbetjening_register = offering(Faulty)
