"""Everything in one process group: web, gateway and demo PBX share an event loop, the workers are a child process."""
