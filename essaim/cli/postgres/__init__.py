"""The embedded PostgreSQL server: one cluster a data folder, a private socket, no TCP. Never used in
production.

``binaries`` finds PostgreSQL, ``cluster`` says where a data folder keeps its server and as whom it runs,
``server`` starts, stops and probes it, ``roles`` makes its database and its two roles, ``users`` counts who
needs it.
"""
