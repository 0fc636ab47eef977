namespace Refused.Utf8Literal;

class A { static int F() { return "a"u8.Length; } }
