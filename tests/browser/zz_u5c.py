from __future__ import annotations
import pathlib
import pytest
from walking.walk import Walk
from selvbetjening_core.errors import CommitUnknown
from selvbetjening_core.store import store as store_module
from selvbetjening_core.store.submissions import SqlSubmissions
from selvbetjening_core.journey.records import DeliveryState as S, WaivedAs
OUT = pathlib.Path("/tmp/u5/cit"); OUT.mkdir(exist_ok=True)

@pytest.mark.parametrize("width", (320, 1280))
@pytest.mark.parametrize("look", ("plain", "borger.dk"))
def test_citizen(make_town, window, look, width, monkeypatch):
    town = make_town(look)
    page, _ = window(town, width)
    def shot(n): page.screenshot(path=OUT / f"{look}-{width}-{n}.png", full_page=True)
    w = Walk(page, town, "mors", "da")
    for _ in w.arrive(): pass
    for _ in w.log_in(): pass
    w.choose("holder", "self"); w.go_on()
    w.choose("cause", "married"); w.go_on()
    for _ in range(6):
        if "opsummering" in page.url: break
        for name, val in (("doctor", None),):
            pass
        if "sending" in page.url: w.choose("proof", "no")
        if "consent" in page.url: w.tick("cancel_old_card")
        if "card" in page.url and page.locator("input[value=under_4_years]").count(): w.choose("card_age","under_4_years")
        w.go_on()
    armed = [1]; submits = []
    commit, add = store_module._commit, SqlSubmissions.add
    def adding(self, case, facts):
        submits.append(1); return add(self, case, facts)
    def committing(c, t):
        if armed and submits:
            armed.clear(); t.rollback(); raise CommitUnknown("a commit ended in an error (X)")
        commit(c, t)
    monkeypatch.setattr(SqlSubmissions, "add", adding); monkeypatch.setattr(store_module, "_commit", committing)
    shot("summary")
    page.locator("main button[type=submit]").last.click(); page.wait_for_load_state(); shot("in_doubt")
    w.open("/sundhedskort/opsummering")
    shot("after_doubt")
    page.locator("main button[type=submit]").last.click(); page.wait_for_load_state(); shot("receipt0")
    town.application.engine.drain()
    page.reload(); shot("receipt1")
    url = page.url
    sub = url.split("/kvittering/")[1].split("/")[0]
    page.goto(url + "/status"); shot("status1")
    def moved(*states, **m):
        with town.application.store.transaction("0773") as work:
            for row, st in zip(work.deliveries.of_submission(sub), states):
                work.deliveries.move(row.id, st, work.now(), **m)
    moved(S.PARKED, S.DELIVERED); page.reload(); shot("status_parked")
    moved(S.ACCEPTED_PENDING, S.DELIVERED, remote_reference="J-2026-17"); page.reload(); shot("status_pending")
    moved(S.WAIVED, S.DELIVERED, waived_as=WaivedAs.NOT_CARRIED_OUT); page.reload(); shot("status_failed")
    moved(S.WAIVED, S.DELIVERED, waived_as=WaivedAs.BY_HAND); page.reload(); shot("status_byhand")
