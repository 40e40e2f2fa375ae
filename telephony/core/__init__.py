"""The pure core: AMI events in, changes out. No Django, no asyncio, no panoramisk, no clock: time comes with events."""
