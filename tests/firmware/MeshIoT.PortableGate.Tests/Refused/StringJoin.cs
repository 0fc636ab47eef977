namespace Refused.StringJoin;

class A { static string F(string[] s) { return string.Join(",", s); } }
