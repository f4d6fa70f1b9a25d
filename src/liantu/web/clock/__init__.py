"""When something is due: working days, how often each register is renewed. Owns: the calendar. Never: what is late (the apps)."""
