"""The example: an invented organisation and the agreements of its leaders, of any size, the same for a seed.

A layer of its own on top of the others; nothing imports it but the command `leder_demo`.
"""
