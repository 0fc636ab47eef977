part_mixed() { :; }
