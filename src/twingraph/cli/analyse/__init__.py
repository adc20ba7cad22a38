"""The commands below ``twingraph analyse``."""
