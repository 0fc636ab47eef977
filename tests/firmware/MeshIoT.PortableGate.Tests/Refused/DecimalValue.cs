namespace Refused.DecimalValue;

class A { static decimal F() { return 1m; } }
