"""The workbench: one place where the office, the parks and the firms see and steer the chain. Owns: nothing itself.

One app a register or activity, the same rooms in each: models · access · actions · queries · forms · views · urls · templates.
"""
