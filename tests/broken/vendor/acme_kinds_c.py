from acme_kinds_a import Kind

from selvbetjening_core.hooks import hookimpl


@hookimpl
def selvbetjening_register(register, context):  # noqa: ARG001 - as the hook wants it
    register.field_kind(Kind("plate"))
