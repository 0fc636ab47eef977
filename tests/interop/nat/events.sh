part_events() { :; }
