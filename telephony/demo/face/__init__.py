"""The manager interface of the demo PBX: what a client of AMI sees of the engine."""
