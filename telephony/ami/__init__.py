"""The link to Asterisk's Manager Interface (AMI): the only package that knows panoramisk. No Django here.

Read in this order: `wire` (bytes → messages), `actions` (commands → bytes), `client` (panoramisk, mended), `link`
(stays connected for ever), `resync` and `rights` (what is asked after each login).
"""
