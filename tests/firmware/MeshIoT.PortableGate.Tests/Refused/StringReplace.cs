namespace Refused.StringReplace;

class A { static string F(string s) { return s.Replace("a", "b"); } }
