"""How good and how fast the agent is: labelled cases (`donghaeng eval`) and speed (`donghaeng bench`).

One module a kind. Engines are handed in by the command line; nothing here reads settings or prints.
"""
