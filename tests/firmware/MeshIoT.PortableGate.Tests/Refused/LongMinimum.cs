namespace Refused.LongMinimum;

class A { static long F(long x) { return System.Math.Min(x, 1); } }
