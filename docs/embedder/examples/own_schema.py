"""A colander schema of the site's own, shown with our markup and Danish messages."""

from __future__ import annotations

import colander
from deform.widget import RadioChoiceWidget, TextAreaWidget

from selvbetjening_core.embedding import Fragment, step_from_schema


class Complaint(colander.Schema):
    subject = colander.SchemaNode(
        colander.String(), title="Hvad klager du over?", validator=colander.Length(max=80)
    )
    seen_on = colander.SchemaNode(colander.Date(), title="Hvornår så du det?", missing=None)
    place = colander.SchemaNode(
        colander.String(),
        title="Hvor er det?",
        widget=RadioChoiceWidget(values=[("road", "På vejen"), ("park", "I en park")]),
    )
    story = colander.SchemaNode(
        colander.String(),
        title="Fortæl mere",
        widget=TextAreaWidget(),
        validator=colander.Length(min=10, min_err="Skriv mindst ${min} tegn"),
    )


complaint = step_from_schema(Complaint(), title="Klage")
fragment = Fragment(complaint)
