"""From a theme's templates to pages."""

from __future__ import annotations

from collections.abc import Mapping

import jinja2

from selvbetjening_core.errors import DefinitionError
from selvbetjening_core.interfaces import ITheme


def with_extended(theme: ITheme, by_name: Mapping[str, ITheme]) -> tuple[ITheme, ...]:
    """The theme, the theme it extends, and so on, in the order they are searched.

    :raises DefinitionError: a theme that is extended is not here, or extends itself
    """
    chain = [theme]
    while chain[-1].extends:
        name = chain[-1].extends
        if name not in by_name:
            raise DefinitionError(f'the theme "{chain[-1].name}" extends "{name}", not found here')
        if by_name[name] in chain:
            raise DefinitionError(f'the theme "{name}" extends itself')
        chain.append(by_name[name])
    return tuple(chain)


def environment(theme: ITheme, by_name: Mapping[str, ITheme]) -> jinja2.Environment:
    """The theme's templates, and those it takes from the themes it extends.

    ``layout.html`` is the nearest one; ``plain/layout.html`` that of the theme
    ``plain``, so that a template can extend the very one it stands in for.
    Everything is escaped, and a variable that is missing is an error.

    :raises DefinitionError: as :func:`with_extended`
    """
    loaders = {
        one.name: jinja2.FileSystemLoader(one.templates) for one in with_extended(theme, by_name)
    }
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([*loaders.values(), jinja2.PrefixLoader(loaders)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


class PageRenderer:
    """Renders whole pages in one theme. Holds nobody's data; share it freely."""

    def __init__(self, theme: ITheme, by_name: Mapping[str, ITheme] | None = None) -> None:
        self._environment = environment(theme, by_name or {})

    def page(self, name: str, **values: object) -> str:
        """The page whose template is called ``name`` (``step.html``).

        :raises jinja2.UndefinedError: the template uses a value that was not given
        """
        return self._environment.get_template(name).render(**values)
