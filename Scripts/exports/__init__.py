"""The parts of Scripts/check_exports.py: a module for the programs that each format is written for."""
