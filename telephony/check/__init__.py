"""The PBX check («Проверка АТС»): what works, what does not, and the exact lines to add.

collect (asks the PBX) → facts (values) → findings (pure) → words (per language); services write, selectors read.
"""
