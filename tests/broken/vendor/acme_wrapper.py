from selvbetjening_core.hooks import hookimpl


@hookimpl(wrapper=True)
def selvbetjening_register(register, context): ...
