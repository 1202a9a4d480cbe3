"""Components that misbehave on purpose, to rehearse with. For demonstrations alone.

Each works against the demo's own systems as the honest component does, and makes
the one fault that its setting names. What it must remember is in the component's
store; every fault is counted there, and logged.
"""
