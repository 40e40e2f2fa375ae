"""The systems that hold the customers: which there are, and finding out which one it is."""
