namespace Refused.CharToUpper;

class A { static char F(char c) { return char.ToUpper(c); } }
