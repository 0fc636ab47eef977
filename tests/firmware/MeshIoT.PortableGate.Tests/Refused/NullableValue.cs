namespace Refused.NullableValue;

class A { int? x; }
