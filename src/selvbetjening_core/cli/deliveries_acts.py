"""What a person does about deliveries: each command does one thing, and says what it did."""

from __future__ import annotations

import click

from selvbetjening_core.cli.office import actor, by_option, meant, office, office_options
from selvbetjening_core.delivery import operating
from selvbetjening_core.delivery.conclusion import NothingPlanned
from selvbetjening_core.journey.records import Delivery, WaivedAs

_EVEN_SO = click.option(
    "--even-if-it-may-have-arrived",
    "even_so",
    is_flag=True,
    help="Somebody looked in the receiving system, and it is not there.",
)
_REASON = click.option(
    "--reason", prompt="Why", help="Why, for the audit log. Nothing about the citizen."
)
# The ledger is the queue: a worker finds what is due there, whatever its engine.
_SWEPT = NothingPlanned()


@click.command()
@click.argument("delivery_id", metavar="ID")
@_EVEN_SO
@by_option
@office_options
def retry(
    delivery_id: str, by: str | None, config: str | None, municipality: str | None, *, even_so: bool
) -> None:
    """Have a parked or waiting delivery tried now, with the whole time before it again."""
    with office(*meant(config, municipality)) as here:
        code, _ = here.find(delivery_id)
        with here.records.store.transaction(code) as work:
            before = operating.retry(
                work, _SWEPT, delivery_id, actor(by), even_if_it_may_have_arrived=even_so
            )
    click.echo(f"Delivery {delivery_id} to {before.component} in {code} is waiting again, due now.")
    _tell_before(before)


@click.command()
@click.argument("delivery_id", metavar="ID")
@click.argument("component")
@_EVEN_SO
@by_option
@office_options
def rebind(
    delivery_id: str,
    component: str,
    by: str | None,
    config: str | None,
    municipality: str | None,
    *,
    even_so: bool,
) -> None:
    """Send a parked or waiting delivery to another receiver: COMPONENT, with the same key."""
    with office(*meant(config, municipality)) as here:
        code, _ = here.find(delivery_id)
        with here.records.store.transaction(code) as work:
            before = operating.rebind(
                work,
                _SWEPT,
                delivery_id,
                component,
                actor(by),
                among=here.files[code].deliverers,
                even_if_it_may_have_arrived=even_so,
            )
    click.echo(f"Delivery {delivery_id} in {code} goes to {component} from now on, due now.")
    click.echo(f"It went to {before.component}.")
    _tell_before(before)


@click.command()
@click.argument("delivery_id", metavar="ID")
@click.option("--by-hand", is_flag=True, help="It was carried out in another way.")
@click.option("--not-carried-out", is_flag=True, help="It is not carried out at all.")
@_REASON
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@by_option
@office_options
def waive(
    delivery_id: str,
    reason: str,
    by: str | None,
    config: str | None,
    municipality: str | None,
    *,
    by_hand: bool,
    not_carried_out: bool,
    yes: bool,
) -> None:
    """Give a delivery up, for good. What comes after it is sent.

    Say how: the citizen is told that a member of staff has seen to it (--by-hand), or
    that it is not carried out, and to contact the municipality (--not-carried-out).
    """
    if by_hand == not_carried_out:
        raise click.UsageError("Say one of --by-hand and --not-carried-out: the citizen is told.")
    as_ = WaivedAs.BY_HAND if by_hand else WaivedAs.NOT_CARRIED_OUT
    with office(*meant(config, municipality)) as here:
        # Before anybody is asked to confirm what would be refused.
        told = operating.checked_reason(reason)
        code, one = here.find(delivery_id)
        if not yes:
            click.echo(f"Delivery {delivery_id} to {one.component} in {code} is {one.state}.")
            click.confirm("It is never tried again, and this cannot be undone. Go on?", abort=True)
        with here.records.store.transaction(code) as work:
            operating.waive(work, _SWEPT, delivery_id, actor(by), told, as_)
    click.echo(f"Delivery {delivery_id} to {one.component} in {code} is given up: {as_}.")


@click.command()
@click.argument("component")
@_REASON
@by_option
@office_options
def pause(
    component: str, reason: str, by: str | None, config: str | None, municipality: str | None
) -> None:
    """Send nothing to a receiver until it is resumed. Nothing is given up meanwhile."""
    with office(*meant(config, municipality)) as here:
        code = here.receiver(component)
        with here.records.store.transaction(code) as work:
            operating.pause(work, component, actor(by), reason)
    click.echo(f"{component} in {code} is paused. What is under way ends; nothing new is sent.")


@click.command()
@click.argument("component")
@by_option
@office_options
def resume(component: str, by: str | None, config: str | None, municipality: str | None) -> None:
    """Let a receiver that is paused, or rests after failures, go on at once."""
    with office(*meant(config, municipality)) as here:
        code = here.receiver(component)
        with here.records.store.transaction(code) as work:
            operating.resume(work, _SWEPT, component, actor(by))
    click.echo(f"{component} in {code} goes on. A running worker sends what has waited.")


def _tell_before(before: Delivery) -> None:
    click.echo(f"It was {before.state}: {before.reason or 'no reason was given'}")
    if before.waits_for:
        click.echo(f"It is not sent before {before.waits_for} has come to its end.")
    click.echo("A running worker takes it up.")
