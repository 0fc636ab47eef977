namespace Refused.SpanValue;

class A { static int F(byte[] d) { System.Span<byte> s = d; return s.Length; } }
