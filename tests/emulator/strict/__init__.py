"""Moto's server made strict: one file per correction, each naming the fact it comes from.

The facts are the lines of `docs/aws-facts.md`, cited as `facts §1` and a short quote.
`corrections.install()` puts every correction over moto; `server.serve()` answers requests.
"""
