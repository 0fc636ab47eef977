# shellcheck shell=bash
soak_rounds() { :; }
