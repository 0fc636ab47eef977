namespace Refused.TupleValue;

class A { static (int, int) F() { return (1, 2); } }
