from selvbetjening_core.hooks import hookimpl


@hookimpl
def selvbetjening_registr(register, context): ...
