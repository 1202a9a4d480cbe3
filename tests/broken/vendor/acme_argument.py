from selvbetjening_core.hooks import hookimpl


@hookimpl
def selvbetjening_register(register, contxt): ...
