from selvbetjening_core.hooks import hookimpl


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    raise KeyError("a fault of the vendor's")
