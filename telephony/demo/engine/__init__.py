"""A small PBX in memory: channels, bridges, devices, queues and parking that tell AMI events as Asterisk 22 does."""
