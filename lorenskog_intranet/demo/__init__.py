"""The example: texts, an invented organisation and the agreements of its leaders, of any size, the same for a seed.

It stands on the plugin and is no part of it; nothing imports it but the command `site_demo`.
"""
