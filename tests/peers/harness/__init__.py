"""The parts of bench.py: what is asked (scenarios), of whom (peers), and a module for each test."""
